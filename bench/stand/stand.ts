import { openTemporaryFolder } from '../../local/openTemporaryFolder.ts';
import type { Progress } from '../../local/progress.ts';
import { provision } from '../../local/pubsub/provision.ts';
import { loadConfig } from '../../shared/config.ts';
import { migrate } from '../../shared/store/migrate.ts';
import { OURS } from '../emulators.ts';
import { startNodes, type StandKind } from './startNodes.ts';

type Env = Readonly<Record<string, string>>;

/** What everything that is measured runs on: Cassandra and one Pub/Sub, each node a process. */
export interface Stand {
  /** One for each node. */
  readonly cassandraPids: readonly number[];
  readonly pubsubPid: number;
  /** In words, with the settings that matter. */
  readonly cassandra: string;
  /**
   * The variables of a system of its own on this stand: a keyspace with its tables, and a project with its
   * topics and subscriptions.
   * @param functionUrls where its subscriptions push; an empty object for pull.
   */
  readonly open: (name: string) => Promise<Env>;
  readonly provision: (
    env: Env,
    functionUrls: Parameters<typeof provision>[0]['functionUrls'],
  ) => Promise<void>;
  /** Rejects when one of the processes ends by itself. */
  readonly died: Promise<never>;
  readonly stop: () => Promise<void>;
}

const CLUSTER = 'both compilers, commit log synced every 10 s, 1 GiB heap';
const WORDS: Readonly<Record<StandKind, string>> = {
  cluster: `${CLUSTER}, as one node of a cluster`,
  laptop: 'the first compiler only, each write synced before it is acknowledged, as `npm start` runs it',
  ring: `three nodes, each with ${CLUSTER}, and a replica of every row on each`,
};

export const openStand = async (kind: StandKind, progress: Progress): Promise<Stand> => {
  const dataFolder = openTemporaryFolder('bench');
  const nodes = await startNodes(kind, dataFolder.path, progress);
  const pubsub = await OURS.start();
  return {
    cassandraPids: nodes.pids,
    pubsubPid: pubsub.pid,
    cassandra: `Apache Cassandra 5.0 on this machine: ${WORDS[kind]}`,
    open: async (name) => {
      const env = {
        ...nodes.env,
        CASSANDRA_KEYSPACE: `bench_${name}`,
        PUBSUB_EMULATOR_HOST: pubsub.address,
        GOOGLE_CLOUD_PROJECT: `tally-bench-${name.replaceAll('_', '-')}`,
      };
      const { store } = loadConfig(env);
      if (store.kind !== 'cassandra') throw new Error(`expected a Cassandra, got ${store.kind}`);
      await migrate(store);
      return env;
    },
    provision: (env, functionUrls) =>
      provision({
        projectId: env.GOOGLE_CLOUD_PROJECT ?? '',
        pubsub: pubsub.address,
        functionUrls,
        isGoogleEmulator: false,
      }),
    died: Promise.race([nodes.died, pubsub.died]),
    stop: async () => {
      await Promise.all([nodes.stop(), pubsub.stop()]);
      dataFolder.remove();
    },
  };
};
