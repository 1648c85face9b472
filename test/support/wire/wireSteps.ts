import { type CqlFrame, OPCODE } from './cqlFrame.ts';
import type { Statements } from './cqlStatements.ts';
import { deadPayment, forwardedPayment, orderTo, paymentTo, type WireMessage } from './wireMessages.ts';

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

const WRITE_LEDGER = /^INSERT INTO ledger_by_order /;
const READ_LEDGER = /^SELECT .* FROM ledger_by_order /;
const WRITE_PAYMENT = /^UPDATE orders_payments_facts .* payment_id = \?/;
const WRITE_DEAD_LETTER = /^INSERT INTO dead_letters /;

const none = (): readonly WireMessage[] => [];
const order = (orderId: number) => [orderTo(orderId)];
const early = (orderId: number) => [paymentTo(orderId)];
const payment = (orderId: number) => paymentTo(orderId);
const forwarded = (orderId: number) => forwardedPayment(orderId);

/** Every place where a consumer sends a statement. */
export const WIRE_STEPS: readonly WireStep[] = [
  { name: 'onOrder’s record', before: none, message: orderTo, hits: batches(WRITE_LEDGER) },
  { name: 'onOrder’s read', before: none, message: orderTo, hits: executes(READ_LEDGER) },
  { name: 'onOrder’s show', before: early, message: orderTo, hits: batches(WRITE_PAYMENT) },
  { name: 'onPayment’s record', before: none, message: payment, hits: executes(WRITE_LEDGER) },
  { name: 'onPayment’s read', before: order, message: payment, hits: executes(READ_LEDGER) },
  { name: 'onPayment’s show', before: order, message: payment, hits: batches(WRITE_PAYMENT) },
  { name: 'onDlq’s record', before: none, message: forwarded, hits: executes(WRITE_LEDGER) },
  { name: 'onDlq’s read', before: order, message: forwarded, hits: executes(READ_LEDGER) },
  { name: 'onDlq’s show', before: order, message: forwarded, hits: batches(WRITE_PAYMENT) },
  {
    name: 'onDlq’s report of what it accepts',
    before: none,
    message: forwarded,
    hits: executes(WRITE_DEAD_LETTER),
  },
  {
    name: 'onDlq’s report of what it is told',
    before: none,
    message: deadPayment,
    hits: executes(WRITE_DEAD_LETTER),
  },
];
