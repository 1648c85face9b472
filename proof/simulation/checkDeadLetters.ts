import { type Cell, type Cells, placeOf } from './cassandra/cells.ts';
import type { Replica } from './cassandra/replica.ts';
import { tableNamed } from './cassandra/statements.ts';
import { ROW_MARKER } from './cassandra/tables.ts';
import type { CqlValue } from './cassandra/values.ts';
import { nameOf, show } from './checkCells.ts';
import { QUORUM } from './isDurable.ts';
import { DEAD_LETTERS, deadLetterKey, type Expected, type ExpectedEvent, LEDGER } from './oracle.ts';
import type { TableChecks } from './world.ts';
import { EPOCH_MS } from './epochMs.ts';

/** A function's clock is off by an hour at most, and no run lasts longer than an hour. */
const CLOCK_MAX_MS = 2 * 3_600_000;

const isOnSomeClock = (value: CqlValue | null): boolean =>
  value instanceof Date && Math.abs(value.getTime() - EPOCH_MS) < CLOCK_MAX_MS;

/** The columns that every dead letter has. */
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

/** Checks that a message explains every dead letter, and that every required dead letter is there. */
export const checkDeadLetters = (
  replicas: readonly Replica[],
  expected: Expected,
  checks: TableChecks,
): void => {
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
  // A message of a stranger may call any payment a conflict, so only Tally's own dead letters are checked.
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

/**
 * Checks that a payment is parked exactly when it has a dead letter `unmatched`, and that the dead letter is
 * no longer open when the order is here.
 */
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
