import { type Cell, type Cells, isNewer, placeOf } from './cassandra/cells.ts';
import type { Replica } from './cassandra/replica.ts';
import { tableNamed } from './cassandra/statements.ts';
import { ROW_MARKER } from './cassandra/tables.ts';
import { QUORUM } from './isDurable.ts';
import { type Expected, type ExpectedRow, FACTS, LEDGER } from './oracle.ts';
import type { TableChecks } from './world.ts';

/** Cells by table, partition and clustering key. */
type Tables = Map<string, (Cell | undefined)[]>;

const keyOf = (table: string, partition: string, row: string): string => `${table} ${partition} ${row}`;

const expectedCells = (orders: Expected['orders']): Tables => {
  const tables: Tables = new Map();
  for (const { orders: orderEvents, payments } of orders.values()) {
    for (const { rows } of orderEvents) addRow(tables, rows.order);
    for (const { rows, writeTime } of payments) {
      const cells = addRow(tables, rows.ledger);
      cells[placeOf(tableNamed(LEDGER), ROW_MARKER)] = { value: true, writeTime };
      if (orderEvents.length > 0) addRow(tables, rows.shown);
    }
  }
  return tables;
};

const addRow = (tables: Tables, row: ExpectedRow | undefined): (Cell | undefined)[] => {
  if (row === undefined) throw new Error('expected an event that leaves this row, got one that does not');
  const key = keyOf(row.table, row.partition, row.row);
  const cells = tables.get(key);
  if (cells === undefined) {
    const first = [...row.cells];
    tables.set(key, first);
    return first;
  }
  for (const [place, { type }] of tableNamed(row.table).cellColumns.entries()) {
    const cell = row.cells[place];
    const current = cells[place];
    if (cell !== undefined && (current === undefined || isNewer(cell, current, type))) cells[place] = cell;
  }
  return cells;
};

/**
 * Checks that a quorum of replicas has every expected cell, and that no replica has another cell or a newer
 * one. Every quorum read then gives the oracle's cells.
 */
export const checkCells = (
  replicas: readonly Replica[],
  { orders }: Expected,
  { violated }: TableChecks,
): void => {
  const expected = expectedCells(orders);
  const holders = new Map<Cell, number>();
  for (const table of [FACTS, LEDGER]) {
    // Replicas share the cells of a row after the same writes, so each set of cells is checked once.
    const rightIn = new Map<Cells, readonly Cell[]>();
    for (const replica of replicas) {
      for (const { partition, row, cells } of replica.rows(table)) {
        const known = rightIn.get(cells);
        const right = known ?? checkRow(table, keyOf(table, partition, row), cells);
        if (known === undefined) rightIn.set(cells, right);
        for (const cell of right) holders.set(cell, (holders.get(cell) ?? 0) + 1);
      }
    }
  }
  for (const [key, cells] of expected) {
    const table = key.startsWith(LEDGER) ? LEDGER : FACTS;
    for (const [place, cell] of cells.entries()) {
      if (cell === undefined || (holders.get(cell) ?? 0) >= QUORUM) continue;
      const column = nameOf(table, place);
      const isShown = column.startsWith('payment') || column === 'card_last_four';
      const invariant = table === LEDGER ? 'I6' : isShown ? 'I3' : 'I1';
      violated(
        invariant,
        `${key}: ${column} should be ${show(cell)}, but fewer than ${QUORUM} replicas have it`,
      );
    }
  }

  /** Reports the wrong cells of a row, and returns the expected cells that it has. */
  function checkRow(table: string, key: string, cells: Cells): readonly Cell[] {
    const right = expected.get(key);
    const found: Cell[] = [];
    for (const [place, { name: column, type }] of tableNamed(table).cellColumns.entries()) {
      const cell = cells[place];
      if (cell === undefined) continue;
      if (cell.value === null) violated('I5', `${key}: ${column} was erased`);
      // The flag depends on the order of events, so the oracle has no value for it. `checkDeadLetters` checks
      // it.
      if (table === LEDGER && column === 'parked') continue;
      const rightCell = right?.[place];
      if (rightCell === undefined) {
        violated(right === undefined ? 'I1' : 'I5', `${key}: ${column} is ${show(cell)}, and nobody sent it`);
      } else if (isNewer(cell, rightCell, type)) {
        violated('I4', `${key}: ${column} is ${show(cell)}, expected ${show(rightCell)}`);
      } else if (!isNewer(rightCell, cell, type)) {
        found.push(rightCell);
      }
    }
    return found;
  }
};

/** The column whose cell has this place in a row. */
export const nameOf = (table: string, place: number): string =>
  tableNamed(table).cellColumns[place]?.name ?? '';

export const show = ({ value, writeTime }: Cell): string => `${String(value)} at ${writeTime}`;
