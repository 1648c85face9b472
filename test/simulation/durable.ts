import type { Cluster } from './cassandra/cluster.ts';
import { isNewer } from './cassandra/replica.ts';
import { tableNamed } from './cassandra/statements.ts';
import type { ExpectedRow, RowKey } from './oracle.ts';

/** Two of three replicas: what a quorum has, every later quorum meets. */
export const QUORUM = 2;

/** Whether a quorum of replicas holds every cell of a row, or a newer one in its place. */
export const isDurable = ({ replicas }: Cluster, { table, partition, row, cells }: ExpectedRow): boolean => {
  const schema = tableNamed(table);
  const rows = replicas.map((replica) => replica.cells(table, partition, row));
  for (const [column, cell] of cells) {
    let holders = 0;
    for (const found of rows) {
      const stored = found?.get(column);
      if (stored !== undefined && !isNewer(cell, stored, schema, column)) holders += 1;
    }
    if (holders < QUORUM) return false;
  }
  return true;
};

/** Whether a quorum holds a column of a row, whatever it says. */
export const isHeld = ({ replicas }: Cluster, { table, partition, row }: RowKey, column: string): boolean =>
  replicas.filter((replica) => replica.cells(table, partition, row)?.has(column)).length >= QUORUM;
