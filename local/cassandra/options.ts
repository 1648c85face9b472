import { DEFAULT_DATA_CENTER, type Environment } from '../../shared/config.ts';
import type { LocalPart } from '../localPart.ts';
import type { Progress } from '../progress.ts';

export const CASSANDRA_KINDS = ['external', 'docker', 'maven', 'memory'] as const;
export type CassandraKind = (typeof CASSANDRA_KINDS)[number];

export interface CassandraOptions {
  /** Undefined: the first that this machine has, in the order of `CASSANDRA_KINDS`. */
  readonly kind: CassandraKind | undefined;
  readonly port: number;
  /** An absolute path: for what is downloaded once. */
  readonly downloadFolder: string;
  /** An absolute path. */
  readonly logFolder: string;
  /** An absolute path. */
  readonly dataFolder: string;
  /** Default false. True: deletes the data that an earlier run kept. */
  readonly fresh?: boolean;
  /** Default true. False: the data may go when it stops. */
  readonly keepsState?: boolean;
  readonly env: Environment;
  readonly progress: Progress;
  /** For the kind `maven` only. Default `laptop`. */
  readonly tuning?: CassandraTuning;
  /** For the kind `maven` only. Undefined: one node alone, on 127.0.0.1. */
  readonly place?: ClusterPlace | undefined;
}

/**
 * `laptop`: starts soon, and syncs each write before it is acknowledged. `cluster`: as production runs it,
 * where replicas make a write durable: both compilers of the JVM, and a sync of the commit log every ten
 * seconds.
 */
export type CassandraTuning = 'laptop' | 'cluster';

/** The place of a node in a cluster on this machine. */
export interface ClusterPlace {
  /** A loopback address that no other node has: the driver uses one port for all nodes. */
  readonly address: string;
  /** The same for all nodes. */
  readonly storagePort: number;
  /**
   * The nodes that a starting node asks for the others, as addresses. A node that is in its own list can
   * start alone.
   */
  readonly seeds: readonly string[];
  readonly initialToken: bigint;
  readonly heapMiB: number;
}

/** What all kinds of Cassandra that we start on this machine say about themselves. */
export const describeNode = (
  { port, place, keepsState = true }: CassandraOptions,
  kind: CassandraKind,
  why: string,
): Omit<LocalPart, 'died' | 'stop'> => {
  const address = `${place?.address ?? '127.0.0.1'}:${port}`;
  return {
    name: 'Cassandra',
    kind,
    address,
    why,
    keepsState,
    env: { CASSANDRA_CONTACT_POINTS: address, CASSANDRA_LOCAL_DATACENTER: DEFAULT_DATA_CENTER },
  };
};
