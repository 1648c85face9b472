import { DEFAULT_DATA_CENTER, type Environment } from '../../shared/config.ts';
import type { LocalPart, Progress } from '../part.ts';

export const CASSANDRA_KINDS = ['external', 'docker', 'maven', 'memory'] as const;
export type CassandraKind = (typeof CASSANDRA_KINDS)[number];

export interface CassandraOptions {
  /** Undefined: the first that this machine has, in the order of `CASSANDRA_KINDS`. */
  readonly kind: CassandraKind | undefined;
  readonly port: number;
  /** Absolute: what is downloaded once. */
  readonly downloadFolder: string;
  /** Absolute. */
  readonly logFolder: string;
  /** Absolute: data. */
  readonly dataFolder: string;
  /** Deletes data that an earlier run kept. */
  readonly fresh?: boolean;
  /** Default true. False: nothing is worth keeping when it stops. */
  readonly keepsState?: boolean;
  readonly env: Environment;
  readonly progress: Progress;
  /** Only one from Maven can be a node among others. Undefined: a node alone on 127.0.0.1. */
  readonly place?: ClusterPlace | undefined;
}

/** Where a node stands in a cluster on this machine. */
export interface ClusterPlace {
  /** A loopback address of its own: the driver finds nodes by address, and takes one port for all of them. */
  readonly address: string;
  /** The same for all nodes. */
  readonly storagePort: number;
  /** The addresses that a starting node asks for the others; its own among them lets it start alone. */
  readonly seeds: readonly string[];
  readonly initialToken: bigint;
  readonly heapMiB: number;
}

/** What a Cassandra of ours on the loopback says of itself, whichever way it runs. */
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
