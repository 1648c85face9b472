import type { Replica, StoredRow } from './replica.ts';
import type { BoundRead } from './statements.ts';

/** The rows that one replica has for a read. */
export const readFrom = (replica: Replica | undefined, { table, from }: BoundRead): readonly StoredRow[] => {
  if (replica === undefined) throw new Error('no such replica');
  if ('after' in from) throw new Error('expected a read of one partition, got one of a token range');
  const rows = replica.read(table.name, from.partition, from.row);
  const { rowPrefix } = from;
  return rowPrefix === undefined ? rows : rows.filter(({ row }) => row.startsWith(rowPrefix));
};
