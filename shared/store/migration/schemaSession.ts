import type { types } from 'cassandra-driver';

/** Reads and changes the schema through one node, so that no statement meets a node that lags. */
export interface SchemaSession {
  readonly select: (query: string, params?: readonly unknown[]) => Promise<readonly types.Row[]>;
  /** Runs a schema statement, and waits until all nodes that answer have its result. */
  readonly change: (cql: string) => Promise<void>;
  /** The nodes of the cluster, as much of them as decides whether a quorum can be reached. */
  readonly nodes: readonly { readonly dataCenter: string; readonly isUp: boolean }[];
  readonly localDataCenter: string;
}
