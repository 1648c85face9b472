import type { Table } from './tables.ts';
import { type CqlValue, compareSerialized } from './values.ts';

/** A cell with its write time in microseconds; a null value is a tombstone. */
export interface Cell {
  readonly value: CqlValue | null;
  readonly writeTime: bigint;
}

/** An INSERT's own mark on a row, under a name that no column has: it makes a row exist without any column. */
export const ROW_MARKER = '';

/** Cells by column. */
export type Cells = ReadonlyMap<string, Cell>;

export interface StoredRow {
  /** The primary key's columns. */
  readonly keys: Readonly<Record<string, CqlValue>>;
  readonly cells: Cells;
}

/** What one statement writes to one row. */
export interface RowWrite extends StoredRow {
  readonly table: Table;
  readonly partition: string;
  /** The clustering key, as one text; empty where the table has none. */
  readonly row: string;
}

type Partition = Map<string, StoredRow>;

/** One replica: all tables, merged cell by cell as Cassandra merges them. What it has applied it keeps through a crash. */
export class Replica {
  readonly #tables = new Map<string, Map<string, Partition>>();

  apply(write: RowWrite): void {
    const { table, partition: key, row, keys, cells } = write;
    const partition = this.#partition(table.name, key);
    const known = partition.get(row);
    partition.set(row, { keys, cells: known === undefined ? cells : mergeCells(known.cells, cells, table) });
  }

  /** The rows of a partition, or the one with that clustering key, as they are now. */
  read(table: string, partition: string, row?: string): Map<string, StoredRow> {
    const found = this.#tables.get(table)?.get(partition);
    if (row === undefined) return new Map(found);
    const stored = found?.get(row);
    return new Map(stored === undefined ? [] : [[row, stored]]);
  }

  /** The cells of a row as they are now; undefined where there is none. */
  cells(table: string, partition: string, row: string): Cells | undefined {
    return this.#tables.get(table)?.get(partition)?.get(row)?.cells;
  }

  partitions(table: string): Iterable<string> {
    return this.#tables.get(table)?.keys() ?? [];
  }

  /** Every row of a table, for whoever looks at a replica from outside. */
  *rows(table: string): Generator<{ readonly partition: string; readonly row: string } & StoredRow> {
    for (const [partition, rows] of this.#tables.get(table) ?? []) {
      for (const [row, stored] of rows) yield { partition, row, ...stored };
    }
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

/** What several replicas know, merged, as a coordinator does before it answers. */
export const mergeRows = (
  table: Table,
  answers: readonly ReadonlyMap<string, StoredRow>[],
): Map<string, StoredRow> => {
  const [first = new Map<string, StoredRow>(), ...others] = answers;
  const merged = new Map<string, StoredRow>(first);
  for (const rows of others) {
    for (const [key, { keys, cells }] of rows) {
      const known = merged.get(key);
      merged.set(key, { keys, cells: known === undefined ? cells : mergeCells(known.cells, cells, table) });
    }
  }
  return merged.size < 2 ? merged : inClusteringOrder(table, merged);
};

const inClusteringOrder = (table: Table, rows: ReadonlyMap<string, StoredRow>): Map<string, StoredRow> =>
  new Map(
    [...rows].toSorted(([, a], [, b]) => {
      for (const column of table.clusteringColumns) {
        const order = compareKeys(a.keys[column], b.keys[column]);
        if (order !== 0) return order;
      }
      return 0;
    }),
  );

/** Numbers by value, texts by their UTF-8 bytes. */
const compareKeys = (a: CqlValue | undefined, b: CqlValue | undefined): number => {
  if (typeof a === 'bigint' && typeof b === 'bigint') return a < b ? -1 : a > b ? 1 : 0;
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
};

/** The last merge that some cells were the newer half of: replicas that took the same writes in the same order share the result. */
const lastMerges = new WeakMap<Cells, { readonly known: Cells; readonly merged: Cells }>();

/** The winner of each column. Cells are never changed in place, so that rows can be shared. */
const mergeCells = (known: Cells, others: Cells, table: Table): Cells => {
  if (known === others) return known;
  const last = lastMerges.get(others);
  if (last?.known === known) return last.merged;
  let merged: Map<string, Cell> | undefined;
  for (const [column, cell] of others) {
    const current = known.get(column);
    if (current !== undefined && !isNewer(cell, current, table, column)) continue;
    merged ??= new Map(known);
    merged.set(column, cell);
  }
  lastMerges.set(others, { known, merged: merged ?? known });
  return merged ?? known;
};

/** Cassandra's `Cells.reconcile`: the later write time; of equal ones the tombstone; else the larger value. */
export const isNewer = (next: Cell, current: Cell, table: Table, column: string): boolean => {
  if (next.writeTime !== current.writeTime) return next.writeTime > current.writeTime;
  if (next.value === null || current.value === null) return next.value === null && current.value !== null;
  const type = table.types.get(column);
  return type !== undefined && compareSerialized(type, next.value, current.value) > 0;
};
