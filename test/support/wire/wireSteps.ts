import { type CqlFrame, OPCODE } from './cqlFrame.ts';
import type { Statements } from './cqlStatements.ts';
import { deadPayment, orderTo, paymentTo, type WireMessage } from './wireMessages.ts';

/** One statement of one handler, and how to make the handler send it. */
export interface WireStep {
  readonly name: string;
  /** The messages that were handled before, without a fault. */
  readonly before: (orderId: number) => readonly WireMessage[];
  /** The message whose handler sends the statement, once. */
  readonly message: (orderId: number) => WireMessage;
  readonly hits: (request: CqlFrame, statements: Statements) => boolean;
}

const sends =
  (opcode: number, statement: RegExp): WireStep['hits'] =>
  (request, statements) =>
    request.opcode === opcode && statements.of(request).some((text) => statement.test(text));

const executes = (statement: RegExp) => sends(OPCODE.execute, statement);
const batches = (statement: RegExp) => sends(OPCODE.batch, statement);

const WRITE_ORDER = /^UPDATE orders_payments_facts .* customer_id = \?/;
const WRITE_PAYMENT = /^UPDATE orders_payments_facts .* payment_id = \?/;
const WRITE_LEDGER = /^INSERT INTO payments_by_order /;
const WRITE_DEAD_LETTER = /^INSERT INTO dead_letters /;
const MARK_MATCHED = /^UPDATE dead_letters .* matched_at = \?/;
const READ_FACT = /^SELECT .* FROM orders_payments_facts /;
const READ_LEDGER = /^SELECT .* FROM payments_by_order /;

const none = (): readonly WireMessage[] => [];
const order = (orderId: number) => [orderTo(orderId)];
const orderAndPayment = (orderId: number) => [orderTo(orderId), paymentTo(orderId)];
const parked = (orderId: number) => [deadPayment(orderId, 'unmatched')];
const unmatched = (orderId: number) => deadPayment(orderId, 'unmatched');
const conflict = (orderId: number) => deadPayment(orderId, 'conflict');
const invalid = (orderId: number) => deadPayment(orderId, 'invalid');
const payment = (orderId: number) => paymentTo(orderId);

/** Every place where a consumer sends a statement. */
export const WIRE_STEPS: readonly WireStep[] = [
  { name: 'onOrder’s write', before: none, message: orderTo, hits: executes(WRITE_ORDER) },
  { name: 'onOrder’s read of the ledger', before: none, message: orderTo, hits: executes(READ_LEDGER) },
  { name: 'onOrder’s batch', before: parked, message: orderTo, hits: batches(WRITE_PAYMENT) },
  { name: 'onOrder’s mark', before: parked, message: orderTo, hits: executes(MARK_MATCHED) },
  { name: 'onPayment’s read of the fact', before: order, message: payment, hits: executes(READ_FACT) },
  {
    name: 'onPayment’s read of the ledger',
    before: orderAndPayment,
    message: payment,
    hits: executes(READ_LEDGER),
  },
  { name: 'onPayment’s batch', before: order, message: payment, hits: batches(WRITE_LEDGER) },
  { name: 'onDlq’s write of the ledger', before: none, message: unmatched, hits: executes(WRITE_LEDGER) },
  {
    name: 'onDlq’s write of a parked payment’s dead letter',
    before: none,
    message: unmatched,
    hits: executes(WRITE_DEAD_LETTER),
  },
  { name: 'onDlq’s read of the fact', before: none, message: unmatched, hits: executes(READ_FACT) },
  { name: 'onDlq’s batch', before: order, message: unmatched, hits: batches(WRITE_PAYMENT) },
  { name: 'onDlq’s mark', before: order, message: unmatched, hits: executes(MARK_MATCHED) },
  {
    name: 'onDlq’s write of a conflict',
    before: orderAndPayment,
    message: conflict,
    hits: executes(WRITE_DEAD_LETTER),
  },
  {
    name: 'onDlq’s write of an invalid message',
    before: none,
    message: invalid,
    hits: executes(WRITE_DEAD_LETTER),
  },
];
