import type { Cluster } from './cassandra/cluster.ts';
import { isNewer } from './cassandra/replica.ts';
import { tableNamed } from './cassandra/statements.ts';
import type { ExpectedRow, RowKey } from './oracle.ts';

/** Two of three replicas: what a quorum has, every later quorum meets. */
export const QUORUM = 2;

/** Whether a quorum of replicas holds every cell of a row, or a newer one in its place. */
export const isDurable = ({ replicas }: Cluster, { table, partition, row, cells }: ExpectedRow): boolean => {
  const schema = tableNamed(table);
  for (const [column, cell] of cells) {
    let holders = 0;
    for (const replica of replicas) {
      const stored = replica.cell(table, partition, row, column);
      if (stored !== undefined && !isNewer(cell, stored, schema, column)) holders += 1;
    }
    if (holders < QUORUM) return false;
  }
  return true;
};

/** Whether a quorum holds a column of a row, whatever it says. */
export const isHeld = ({ replicas }: Cluster, { table, partition, row }: RowKey, column: string): boolean =>
  replicas.filter((replica) => replica.cell(table, partition, row, column) !== undefined).length >= QUORUM;
