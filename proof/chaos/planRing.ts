import type { ClusterPlace } from '../../local/cassandra/options.ts';
import { DEFAULT_DATA_CENTER } from '../../shared/config.ts';
import { ADDRESSES } from './addresses.ts';
import { findSteadyPort } from './findSteadyPort.ts';

/** The nodes are a third of the ring apart. */
const TOKEN_STEP = 2n ** 64n / BigInt(ADDRESSES.length);

interface Ring {
  /** The same for all nodes. */
  readonly port: number;
  /** One for each node. */
  readonly places: readonly ClusterPlace[];
  /** The environment variables with which a function or a command reaches the nodes. */
  readonly env: Readonly<Record<string, string>>;
}

/** Finds ports for three Cassandra nodes on this machine. Each gets a replica of every row. */
export const planRing = async (heapMiB: number): Promise<Ring> => {
  const port = await findSteadyPort(ADDRESSES);
  const storagePort = await findSteadyPort(ADDRESSES);
  return {
    port,
    places: ADDRESSES.map((address, index) => ({
      address,
      storagePort,
      seeds: ADDRESSES,
      initialToken: TOKEN_STEP * BigInt(index - 1),
      heapMiB,
    })),
    env: {
      CASSANDRA_CONTACT_POINTS: ADDRESSES.map((address) => `${address}:${port}`).join(','),
      CASSANDRA_LOCAL_DATACENTER: DEFAULT_DATA_CENTER,
      CASSANDRA_REPLICATION: `${DEFAULT_DATA_CENTER}:${ADDRESSES.length}`,
    },
  };
};
