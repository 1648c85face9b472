import { type Cell, type Cells, isNewer, placeOf, type Replica } from './cassandra/replica.ts';
import { tableNamed } from './cassandra/statements.ts';
import { ROW_MARKER } from './cassandra/tables.ts';
import type { CqlValue } from './cassandra/values.ts';
import type { Checks } from './checks.ts';
import { QUORUM } from './durable.ts';
import {
  DEAD_LETTERS,
  deadLetterKey,
  type Expected,
  type ExpectedEvent,
  type ExpectedRow,
  FACTS,
  LEDGER,
} from './oracle.ts';
import { EPOCH_MS } from './world.ts';

/** What the tables are held against, beside the oracle. */
export type TableChecks = Pick<Checks, 'violated' | 'explained' | 'required'>;

/** Holds facts and ledger of a world at rest against the oracle's, cell by cell, and explains every dead letter. */
export const checkTables = (replicas: readonly Replica[], expected: Expected, checks: TableChecks): void => {
  checkCells(replicas, expectedCells(expected), checks);
  checkDeadLetters(replicas, expected, checks);
};

/** Cells by table, partition and clustering key. */
type Tables = Map<string, (Cell | undefined)[]>;

const keyOf = (table: string, partition: string, row: string): string => `${table} ${partition} ${row}`;

const expectedCells = ({ orders }: Expected): Tables => {
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
  if (row === undefined) throw new Error('an event of one kind was taken for another');
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
 * Every expected cell is on a quorum of replicas, and no replica has anything else or anything newer: then whichever
 * quorum is asked, the answer is the oracle's.
 */
const checkCells = (replicas: readonly Replica[], expected: Tables, { violated }: TableChecks): void => {
  const holders = new Map<Cell, number>();
  for (const table of [FACTS, LEDGER]) {
    // Replicas share a row's cells where they took the same writes.
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
        `${key}: ${column} should be ${show(cell)}, and fewer than ${QUORUM} replicas say so`,
      );
    }
  }

  /** The expected cells that a row has. */
  function checkRow(table: string, key: string, cells: Cells): readonly Cell[] {
    const right = expected.get(key);
    const found: Cell[] = [];
    for (const [place, { name: column, type }] of tableNamed(table).cellColumns.entries()) {
      const cell = cells[place];
      if (cell === undefined) continue;
      if (cell.value === null) violated('I5', `${key}: ${column} was erased`);
      // The ledger's flag says what happened on the way; `checkDeadLetters` looks at it.
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

const nameOf = (table: string, place: number): string => tableNamed(table).cellColumns[place]?.name ?? '';

/** No function's clock is off by more than an hour, and no run lasts for one. */
const CLOCK_MAX_MS = 2 * 3_600_000;

const isOnSomeClock = (value: CqlValue | null): boolean =>
  value instanceof Date && Math.abs(value.getTime() - EPOCH_MS) < CLOCK_MAX_MS;

const show = ({ value, writeTime }: Cell): string => `${String(value)} at ${writeTime}`;

/** What every dead letter has. */
const RECORDED = [
  'payload',
  'error',
  'published_at',
  'origin_topic',
  'origin_message_id',
  'redacted',
  'redrive_count',
  'recorded_at',
].map((column) => placeOf(tableNamed(DEAD_LETTERS), column));
const MATCHED_AT = placeOf(tableNamed(DEAD_LETTERS), 'matched_at');
const PARKED = placeOf(tableNamed(LEDGER), 'parked');

const checkDeadLetters = (replicas: readonly Replica[], expected: Expected, checks: TableChecks): void => {
  const { violated, explained, required } = checks;
  const found = new Set<string>();
  const checked = new Set<Cells>();
  for (const replica of replicas) {
    for (const { row, cells } of replica.rows(DEAD_LETTERS)) {
      if (checked.has(cells)) continue;
      checked.add(cells);
      found.add(row);
      const [eventId = '', reason = ''] = row.split('/');
      const event = expected.events.get(eventId);
      if (event === undefined || !explained.has(row)) {
        violated('I1', `a dead letter (${reason}) that no message explains: ${event?.label ?? eventId}`);
      } else {
        checkDeadLetterCells(event, reason, cells, expected, checks);
      }
    }
  }
  for (const event of expected.events.values()) {
    if (event.content.kind === 'invalid') requireDeadLetter(event, 'invalid');
    if (event.content.kind === 'payment') checkParked(replicas, event, found, expected, checks);
  }
  for (const row of required) {
    const [eventId = '', reason = ''] = row.split('/');
    const event = expected.events.get(eventId);
    if (event !== undefined) requireDeadLetter(event, reason);
  }

  function requireDeadLetter(event: ExpectedEvent, reason: string): void {
    const { table, partition, row } = deadLetterKey(event, reason);
    const rows = replicas.map((replica) => replica.cells(table, partition, row));
    const missing = RECORDED.find(
      (place) => rows.filter((cells) => cells?.[place] !== undefined).length < QUORUM,
    );
    if (missing === undefined) return;
    const invariant = reason === 'conflict' ? 'I6' : 'I1';
    const column = nameOf(table, missing);
    violated(invariant, `${event.label} has no dead letter (${reason}): ${column} is missing`);
  }
};

const checkDeadLetterCells = (
  event: ExpectedEvent,
  reason: string,
  cells: Cells,
  { orders }: Expected,
  { violated, required }: TableChecks,
): void => {
  const { content, label } = event;
  const wrong = (column: string, cell: Cell): void =>
    violated('I1', `the dead letter (${reason}) of ${label} has ${column} ${show(cell)}`);
  const payment = content.kind === 'payment' ? content : undefined;
  const isOrderHere = payment !== undefined && (orders.get(String(payment.orderId))?.orders.length ?? 0) > 0;
  const isPaidTwice =
    payment !== undefined &&
    new Set(
      orders
        .get(String(payment.orderId))
        ?.payments.map((other) => other.content.kind === 'payment' && other.content.paymentId),
    ).size > 1;
  // A stranger may call anything a conflict.
  if (required.has(`${event.eventId}/conflict`) && reason === 'conflict' && !isPaidTwice)
    violated('I6', `${label} is called a conflict, and is the only payment`);

  for (const [place, cell] of cells.entries()) {
    if (cell === undefined) continue;
    const { value, writeTime } = cell;
    const column = nameOf(DEAD_LETTERS, place);
    if (value === null) violated('I5', `the dead letter of ${label}: ${column} was erased`);
    if (writeTime !== event.writeTime)
      violated('I4', `the dead letter of ${label}: ${column} was written at ${writeTime}`);
    if (!isRight(column, value)) wrong(column, cell);
  }

  function isRight(column: string, value: CqlValue | null): boolean {
    switch (column) {
      case ROW_MARKER:
        return value === true;
      case 'error':
        return typeof value === 'string' && value !== '' && !value.includes('4111 1111');
      case 'origin_topic':
        return value === event.origin;
      case 'origin_message_id':
        return event.messageIds.has(String(value));
      case 'published_at':
        return value instanceof Date && value.getTime() === event.publishedAtMs;
      case 'recorded_at':
        return isOnSomeClock(value);
      case 'order_id':
        return payment !== undefined && value === payment.orderId;
      case 'payment_id':
        return payment !== undefined && value === payment.paymentId;
      case 'payload':
        return value instanceof Uint8Array && Buffer.compare(value, event.body) === 0;
      case 'redacted':
        return value === event.isRedacted;
      case 'redrive_count':
        return typeof value === 'number' && event.redriveCounts.has(value);
      case 'matched_at':
        return isOnSomeClock(value) && reason === 'unmatched' && isOrderHere;
      default:
        return false;
    }
  }
};

/** A payment is parked exactly when it has a dead letter that says so; one whose order is here is no longer open. */
const checkParked = (
  replicas: readonly Replica[],
  event: ExpectedEvent,
  found: ReadonlySet<string>,
  { orders }: Expected,
  { violated }: TableChecks,
): void => {
  const { ledger } = event.rows;
  if (ledger === undefined) return;
  const isOrderHere = (orders.get(ledger.partition)?.orders.length ?? 0) > 0;
  const flags = replicas.flatMap(
    (replica) => replica.cells(LEDGER, ledger.partition, ledger.row)?.[PARKED] ?? [],
  );
  const isParked = flags.length > 0;
  const hasDeadLetter = found.has(`${event.eventId}/unmatched`);
  if (isParked !== hasDeadLetter) {
    violated(
      'I1',
      `${event.label} is ${isParked ? '' : 'not '}parked and has ${hasDeadLetter ? 'a' : 'no'} dead letter`,
    );
  }
  const { table, partition, row } = deadLetterKey(event, 'unmatched');
  const marks = replicas.filter(
    (replica) => replica.cells(table, partition, row)?.[MATCHED_AT] !== undefined,
  );
  if (hasDeadLetter && isOrderHere && marks.length < QUORUM) {
    violated('I3', `the dead letter of ${event.label} is open though its order is here`);
  }
  if (flags.some(({ value, writeTime }) => value !== true || writeTime !== event.writeTime)) {
    violated('I4', `the flag of ${event.label} is not as it was sent`);
  }
};
