import { join } from 'node:path';
import { STATE_FOLDER } from '../../cli/paths.ts';
import type { CassandraTuning, ClusterPlace } from '../../local/cassandra/options.ts';
import { startMavenCassandra } from '../../local/cassandra/startMavenCassandra.ts';
import { findFreePort } from '../../local/ports.ts';
import type { Progress } from '../../local/progress.ts';
import { planRing } from '../../proof/chaos/planRing.ts';
import { untilRingIsWhole } from '../../proof/chaos/untilRingIsWhole.ts';
import { DEFAULT_DATA_CENTER, loadConfig } from '../../shared/config.ts';
import { BENCH_LOG_FOLDER } from '../emulators.ts';

/** One node with the settings of a cluster or a laptop, or a ring of three with those of a cluster. */
export type StandKind = CassandraTuning | 'ring';

/** The Cassandra of a stand. */
interface Nodes {
  readonly pids: readonly number[];
  /** The environment variables with which a function or a command reaches them. */
  readonly env: Readonly<Record<string, string>>;
  /** Rejects when a node ends by itself. */
  readonly died: Promise<never>;
  readonly stop: () => Promise<void>;
}

const HEAP_MIB = 1024;

/** @param dataFolder an absolute path. */
export const startNodes = async (kind: StandKind, dataFolder: string, progress: Progress): Promise<Nodes> => {
  const { port, places, env } = kind === 'ring' ? await planRing(HEAP_MIB) : await planOne();
  const start = (place: ClusterPlace) =>
    startMavenCassandra(
      {
        kind: 'maven',
        port,
        downloadFolder: STATE_FOLDER,
        logFolder: join(BENCH_LOG_FOLDER, `${kind}-${place.address}`),
        dataFolder: join(dataFolder, place.address),
        keepsState: false,
        env: process.env,
        progress,
        tuning: kind === 'ring' ? 'cluster' : kind,
        place,
      },
      'the bench',
    );
  const [first, ...others] = places;
  // The others ask the first for the ring.
  const started = first === undefined ? [] : [await start(first)];
  started.push(...(await Promise.all(others.map(start))));
  const { store } = loadConfig(env);
  if (store.kind !== 'cassandra') throw new Error(`expected a Cassandra, got ${store.kind}`);
  if (places.length > 1) await untilRingIsWhole(store, places.length);
  return {
    pids: started.map(({ pid }) => pid),
    env,
    died: Promise.race(started.map(({ died }) => died)),
    stop: async () => {
      await Promise.all(started.map((node) => node.stop()));
    },
  };
};

const planOne = async (): ReturnType<typeof planRing> => {
  const [address, port, storagePort] = ['127.0.0.1', await findFreePort(), await findFreePort()];
  return {
    port,
    places: [{ address, storagePort, seeds: [address], initialToken: 0n, heapMiB: HEAP_MIB }],
    env: {
      CASSANDRA_CONTACT_POINTS: `${address}:${port}`,
      CASSANDRA_LOCAL_DATACENTER: DEFAULT_DATA_CENTER,
    },
  };
};
