/** A value that can be compared as Cassandra compares it. */
export type CellValue = string | bigint | number | boolean | Uint8Array;

interface Cell {
  /** Null is a tombstone. */
  readonly value: CellValue | null;
  readonly writeTime: bigint;
}

/** The cells of a row by column name. */
type Row = Readonly<Record<string, CellValue | null | undefined>>;

/**
 * A table with Cassandra's own merge rule for each cell. The later write time wins. When write times are
 * equal, null wins, then the larger value, compared by its serialized bytes. The rule is Cassandra's
 * `Cells.reconcile`. A key is the primary key, joined with slashes, and its first part is the partition.
 */
export class MemoryTable {
  /** The rows by the first part of their key, so that a read of one order does not cost a look at all. */
  readonly #partitions = new Map<string, Map<string, Map<string, Cell>>>();

  /**
   * Writes the given cells of a row. An undefined value is not written, like an unset value in Cassandra.
   * Null takes the value away.
   * @param writeTime microseconds since the epoch.
   */
  write(key: string, cells: Row, writeTime: bigint): void {
    const partition = this.#partitions.get(partitionOf(key)) ?? new Map<string, Map<string, Cell>>();
    this.#partitions.set(partitionOf(key), partition);
    const row = partition.get(key) ?? new Map<string, Cell>();
    partition.set(key, row);
    for (const [column, value] of Object.entries(cells)) {
      if (value === undefined) continue;
      const current = row.get(column);
      if (current === undefined || wins({ value, writeTime }, current)) row.set(column, { value, writeTime });
    }
  }

  /** Returns undefined for a row without a value, as Cassandra does where nothing was inserted. */
  read(key: string): Row | undefined {
    const row = this.#find(key);
    return row && hasValue(row)
      ? Object.fromEntries([...row].map(([column, { value }]) => [column, value]))
      : undefined;
  }

  /** The write time of each column in microseconds, as `WRITETIME(column)` returns it. */
  writeTimes(key: string): Readonly<Record<string, bigint>> {
    const row = this.#find(key) ?? new Map<string, Cell>();
    return Object.fromEntries([...row].map(([column, { writeTime }]) => [column, writeTime]));
  }

  /** The sorted keys of the rows of a partition; of all of them when it is undefined. */
  keys(partition?: string): string[] {
    const found =
      partition === undefined ? this.#partitions.values() : [this.#partitions.get(partition) ?? []];
    return [...found].flatMap(keysOf).toSorted();
  }

  #find(key: string): Map<string, Cell> | undefined {
    return this.#partitions.get(partitionOf(key))?.get(key);
  }
}

const keysOf = (rows: Iterable<readonly [string, Map<string, Cell>]>): string[] =>
  [...rows].filter(([, row]) => hasValue(row)).map(([key]) => key);

const hasValue = (row: ReadonlyMap<string, Cell>): boolean =>
  row.values().some(({ value }) => value !== null);

const partitionOf = (key: string): string => key.split('/', 1)[0] ?? key;

const wins = (next: Cell, current: Cell): boolean => {
  if (next.writeTime !== current.writeTime) return next.writeTime > current.writeTime;
  if (next.value === null || current.value === null) return next.value === null;
  return compareSerialized(next.value, current.value) > 0;
};

/**
 * Compares two values in the order of their serialized bytes. For numbers from 0 up, that is the order of
 * their values. For texts, it is the order of their UTF-8 bytes.
 */
const compareSerialized = (a: CellValue, b: CellValue): number => {
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b);
  if (a === b) return 0;
  return a > b ? 1 : -1;
};
