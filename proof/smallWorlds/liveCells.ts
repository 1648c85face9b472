import { namedCells } from '../simulation/cassandra/cells.ts';
import type { StoredRow } from '../simulation/cassandra/replica.ts';
import { tableNamed } from '../simulation/cassandra/statements.ts';

/** The columns of a row that have a value; none without a row. */
export const liveCells = (table: string, row: StoredRow | undefined): ReadonlyMap<string, unknown> =>
  new Map(
    [...namedCells(tableNamed(table), row?.cells ?? [])]
      .filter(([column, { value }]) => column !== '' && value !== null)
      .map(([column, { value }]) => [column, value]),
  );
