import type { CqlType, Table } from './tables.ts';
import { type CqlValue, compareSerialized } from './values.ts';

/** A cell. Its write time is in microseconds, and a null value is a tombstone. */
export interface Cell {
  readonly value: CqlValue | null;
  readonly writeTime: bigint;
}

/**
 * A row's cells in the order of `Table.cellColumns`; undefined in the place of a column that was never
 * written.
 */
export type Cells = readonly (Cell | undefined)[];

/** The winning cell of each column. Cells are never changed in place, so several rows can share them. */
export const mergeCells = (known: Cells, others: Cells, { cellColumns }: Table): Cells => {
  if (known === others) return known;
  let merged: (Cell | undefined)[] | undefined;
  for (let place = 0; place < others.length; place += 1) {
    const cell = others[place];
    const current = known[place];
    const type = cellColumns[place]?.type;
    if (cell === undefined || cell === current || type === undefined) continue;
    if (current !== undefined && !isNewer(cell, current, type)) continue;
    merged ??= [...known];
    merged[place] = cell;
  }
  return merged ?? known;
};

/**
 * Cassandra's `Cells.reconcile`: the later write time wins. With equal write times a tombstone wins over a
 * value, and the larger of two values wins.
 */
const isNewer = (next: Cell, current: Cell, type: CqlType): boolean => {
  if (next.writeTime !== current.writeTime) return next.writeTime > current.writeTime;
  if (next.value === null || current.value === null) return next.value === null && current.value !== null;
  return compareSerialized(type, next.value, current.value) > 0;
};

/** Whether a cell has a value. */
export const isLive = (cell: Cell | undefined): boolean => cell !== undefined && cell.value !== null;

/** Whether a row exists: a column of it has a value, or an INSERT has set the row marker. */
export const isPresent = (cells: Cells): boolean => cells.some(isLive);

/** The cells of a row, by the names of their columns. */
export const namedCells = ({ cellColumns }: Table, cells: Cells): ReadonlyMap<string, Cell> => {
  const named = new Map<string, Cell>();
  for (const [place, { name }] of cellColumns.entries()) {
    const cell = cells[place];
    if (cell !== undefined) named.set(name, cell);
  }
  return named;
};

/** @throws Error when the column is not in the table, or is in its key. */
export const placeOf = (table: Table, column: string): number => {
  const place = table.placeOf.get(column);
  if (place === undefined) throw new Error(`${table.name} has no column ${column} beside its key`);
  return place;
};
