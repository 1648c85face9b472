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
}

/** What a Cassandra of ours on 127.0.0.1 says of itself, whichever way it runs. */
export const describeNode = (
  { port, keepsState = true }: CassandraOptions,
  kind: CassandraKind,
  why: string,
): Omit<LocalPart, 'died' | 'stop'> => ({
  name: 'Cassandra',
  kind,
  address: `127.0.0.1:${port}`,
  why,
  keepsState,
  env: { CASSANDRA_CONTACT_POINTS: `127.0.0.1:${port}`, CASSANDRA_LOCAL_DATACENTER: DEFAULT_DATA_CENTER },
});
