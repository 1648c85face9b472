import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STATE_FOLDER } from '../../cli/paths.ts';
import { startMavenCassandra } from '../../local/cassandra/startMavenCassandra.ts';
import type { CassandraTuning, ClusterPlace } from '../../local/cassandra/options.ts';
import { findFreePort } from '../../local/ports.ts';
import type { Progress } from '../../local/progress.ts';
import { provision } from '../../local/pubsub/provision.ts';
import { loadConfig } from '../../shared/config.ts';
import { migrate } from '../../shared/store/migrate.ts';
import { BENCH_LOG_FOLDER, OURS } from '../emulators.ts';

type Env = Readonly<Record<string, string>>;

/** What everything that is measured runs on: one Cassandra and one Pub/Sub, each a process. */
export interface Stand {
  readonly cassandraPid: number;
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
  /** Rejects when one of the two ends by itself. */
  readonly died: Promise<never>;
  readonly stop: () => Promise<void>;
}

const WORDS: Readonly<Record<CassandraTuning, string>> = {
  cluster: 'both compilers, commit log synced every 10 s, 1 GiB heap, as one node of a cluster',
  laptop: 'the first compiler only, each write synced before it is acknowledged, as `npm start` runs it',
};

export const openStand = async (tuning: CassandraTuning, progress: Progress): Promise<Stand> => {
  const dataFolder = await mkdtemp(join(tmpdir(), 'tally-bench-'));
  const place: ClusterPlace = {
    address: '127.0.0.1',
    storagePort: await findFreePort(),
    seeds: ['127.0.0.1'],
    initialToken: 0n,
    heapMiB: 1024,
  };
  const cassandra = await startMavenCassandra(
    {
      kind: 'maven',
      port: await findFreePort(),
      downloadFolder: STATE_FOLDER,
      logFolder: BENCH_LOG_FOLDER,
      dataFolder,
      keepsState: false,
      env: process.env,
      progress,
      tuning,
      place,
    },
    'the bench',
  );
  const pubsub = await OURS.start();
  return {
    cassandraPid: cassandra.pid,
    pubsubPid: pubsub.pid,
    cassandra: `Apache Cassandra 5.0 on this machine: ${WORDS[tuning]}`,
    open: async (name) => {
      const env = {
        ...cassandra.env,
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
    died: Promise.race([cassandra.died, pubsub.died]),
    stop: async () => {
      await Promise.all([cassandra.stop(), pubsub.stop()]);
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
};
