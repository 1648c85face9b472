import { type Cells, mergeCells } from './cells.ts';
import type { Table } from './tables.ts';
import type { CqlValue } from './values.ts';

export interface StoredRow {
  /** The clustering key as one text; empty if the table has no clustering key. */
  readonly row: string;
  /** The values of the primary key: first the partition columns, then the clustering columns. */
  readonly keys: readonly CqlValue[];
  readonly cells: Cells;
}

/** What one statement writes to one row. */
export class RowWrite implements StoredRow {
  readonly table: Table;
  readonly partition: string;
  readonly row: string;
  readonly keys: readonly CqlValue[];
  readonly cells: Cells;
  /** The last result is kept, because replicas that took the same writes in the same order can share it. */
  #lastMerge: { readonly known: Cells; readonly merged: Cells } | undefined;

  constructor(table: Table, partition: string, { row, keys, cells }: StoredRow) {
    this.table = table;
    this.partition = partition;
    this.row = row;
    this.keys = keys;
    this.cells = cells;
  }

  /** The cells of a row that has taken this write. */
  mergedWith(known: Cells): Cells {
    if (this.#lastMerge?.known !== known) {
      this.#lastMerge = { known, merged: mergeCells(known, this.cells, this.table) };
    }
    return this.#lastMerge.merged;
  }
}

/** A row of a table, with its partition key as one text. */
export interface PlacedRow extends StoredRow {
  readonly partition: string;
}

type Partition = Map<string, PlacedRow>;

/**
 * One replica of all tables. It merges cell by cell, as Cassandra does. Nothing that it applied is ever lost.
 */
export class Replica {
  readonly #tables = new Map<string, Map<string, Partition>>();

  apply(write: RowWrite): void {
    const { row, keys, partition } = write;
    const rows = this.#partition(write.table.name, partition);
    const known = rows.get(row);
    const cells = known === undefined ? write.cells : write.mergedWith(known.cells);
    if (known?.cells !== cells) rows.set(row, { partition, row, keys, cells });
  }

  /** The present rows of a partition, or only the row with this clustering key. */
  read(table: string, partition: string, row?: string): readonly StoredRow[] {
    const found = this.#tables.get(table)?.get(partition);
    if (found === undefined) return [];
    if (row === undefined) return [...found.values()];
    const stored = found.get(row);
    return stored === undefined ? [] : [stored];
  }

  /** The present cells of a row; undefined if there is no such row. */
  cells(table: string, partition: string, row: string): Cells | undefined {
    return this.#tables.get(table)?.get(partition)?.get(row)?.cells;
  }

  partitions(table: string): Iterable<string> {
    return this.#tables.get(table)?.keys() ?? [];
  }

  /** Every row of a table, for the checks. */
  rows(table: string): readonly PlacedRow[] {
    const partitions = this.#tables.get(table);
    return partitions === undefined ? [] : [...partitions.values()].flatMap((rows) => [...rows.values()]);
  }

  #partition(table: string, key: string): Partition {
    let partitions = this.#tables.get(table);
    if (partitions === undefined) {
      partitions = new Map();
      this.#tables.set(table, partitions);
    }
    let partition = partitions.get(key);
    if (partition === undefined) {
      partition = new Map();
      partitions.set(key, partition);
    }
    return partition;
  }
}

/** Merges the rows of several replicas, as a coordinator does before it answers. */
export const mergeRows = (table: Table, answers: readonly (readonly StoredRow[])[]): readonly StoredRow[] => {
  const [first = [], ...others] = answers;
  const merged = [...first];
  for (const rows of others) {
    for (const [index, found] of rows.entries()) {
      // Most replicas have their rows in the same order, so this place is tried first.
      const isHere = merged[index]?.row === found.row;
      const at = isHere ? index : merged.findIndex(({ row }) => row === found.row);
      const known = merged[at];
      if (known === undefined) merged.push(found);
      else if (known.cells !== found.cells)
        merged[at] = { ...known, cells: mergeCells(known.cells, found.cells, table) };
    }
  }
  return merged.length < 2 ? merged : merged.toSorted((a, b) => compareRows(table, a, b));
};

/** Below 0 when row `a` comes before row `b` of the same partition. */
export const compareRows = (table: Table, a: StoredRow, b: StoredRow): number => {
  const first = table.partitionColumns.length;
  for (let place = first; place < a.keys.length; place += 1) {
    const order = compareKeys(a.keys[place], b.keys[place]);
    if (order === 0) continue;
    const column = table.clusteringColumns[place - first] ?? '';
    return table.descendingColumns.has(column) ? -order : order;
  }
  return 0;
};

/** Numbers and times by value, texts by their UTF-8 bytes. */
const compareKeys = (a: CqlValue | undefined, b: CqlValue | undefined): number => {
  if (a === b) return 0;
  if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime();
  if (typeof a === 'bigint' && typeof b === 'bigint') return a < b ? -1 : 1;
  // Two characters of ASCII are sorted alike by their units and by their bytes. Most ids differ in the first.
  const [unitOfA, unitOfB] = [String(a).charCodeAt(0), String(b).charCodeAt(0)];
  if (unitOfA < 0x80 && unitOfB < 0x80 && unitOfA !== unitOfB) return unitOfA - unitOfB;
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
};
