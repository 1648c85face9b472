import { mergeCells } from './cassandra/cells.ts';
import type { PlacedRow, Replica } from './cassandra/replica.ts';
import { tableNamed } from './cassandra/statements.ts';

/** All rows of a table as these replicas have them together, by partition key and clustering key. */
export const mergedRows = (replicas: readonly Replica[], name: string): ReadonlyMap<string, PlacedRow> => {
  const table = tableNamed(name);
  const merged = new Map<string, PlacedRow>();
  for (const replica of replicas) {
    for (const row of replica.rows(name)) {
      const key = `${row.partition} ${row.row}`;
      const known = merged.get(key);
      merged.set(
        key,
        known === undefined ? row : { ...known, cells: mergeCells(known.cells, row.cells, table) },
      );
    }
  }
  return merged;
};
