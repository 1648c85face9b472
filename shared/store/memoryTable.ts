/** A value as Cassandra compares it. */
export type CellValue = string | bigint | number | boolean | Uint8Array;

interface Cell {
  readonly value: CellValue;
  readonly writeTime: bigint;
}

/** One row's cells by column name; a missing column is null. */
type Row = Readonly<Record<string, CellValue | undefined>>;

/**
 * A table with Cassandra's own merge rule for each cell: the later write time wins, and of equal ones the larger value,
 * compared by its serialized bytes. (Cassandra's `Cells.reconcile`; there are no tombstones here, as in Tally.)
 */
export class MemoryTable {
  readonly #rows = new Map<string, Map<string, Cell>>();

  /** Writes the given cells of a row; undefined values are not written, as an unset bind is not. */
  write(key: string, cells: Row, writeTime: bigint): void {
    const row = this.#rows.get(key) ?? new Map<string, Cell>();
    this.#rows.set(key, row);
    for (const [column, value] of Object.entries(cells)) {
      if (value === undefined) continue;
      const current = row.get(column);
      if (current === undefined || wins({ value, writeTime }, current)) row.set(column, { value, writeTime });
    }
  }

  read(key: string): Row | undefined {
    const row = this.#rows.get(key);
    return row && Object.fromEntries([...row].map(([column, { value }]) => [column, value]));
  }

  /** Each column's write time in microseconds, as `WRITETIME(column)` gives it. */
  writeTimes(key: string): Readonly<Record<string, bigint>> {
    const row = this.#rows.get(key) ?? new Map<string, Cell>();
    return Object.fromEntries([...row].map(([column, { writeTime }]) => [column, writeTime]));
  }

  /** Keys that start with `prefix`, in their own order. */
  keys(prefix = ''): string[] {
    return [...this.#rows.keys()].filter((key) => key.startsWith(prefix)).toSorted();
  }
}

const wins = (next: Cell, current: Cell): boolean =>
  next.writeTime === current.writeTime
    ? compareSerialized(next.value, current.value) > 0
    : next.writeTime > current.writeTime;

/** Non-negative numbers order by value as their big-endian bytes do; texts order by their UTF-8 bytes. */
const compareSerialized = (a: CellValue, b: CellValue): number => {
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b);
  if (a === b) return 0;
  return a > b ? 1 : -1;
};
