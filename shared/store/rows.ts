import * as z from 'zod';
import { DEAD_LETTER_REASONS, type DeadLetterReason } from '../domain/deadLetter.ts';
import { DEAD_LETTER_ACTION_KINDS, type DeadLetterAction } from '../domain/deadLetterAction.ts';
import { DECISIONS, type LedgerEntry } from '../domain/ledgerEntry.ts';
import type { Order } from '../domain/order.ts';
import type { Payment } from '../domain/payment.ts';
import type { DeadLetterHead } from './operationsStore.ts';
import type { DeadLetterRow, FactRow, LedgerRow } from './auditSource.ts';

/**
 * This module reads the rows of a store into the domain's types. A null or absent column becomes undefined.
 * If somebody else wrote a row in another shape, reading it throws here and not somewhere later.
 */
const nullable = <T>(type: z.ZodType<T>) => type.nullish().transform((value) => value ?? undefined);

const id = z.bigint();
const text = z.string();
const timeMs = z.date().transform((date) => date.getTime());

const factSchema = z.object({
  order_id: id,
  customer_id: nullable(id),
  item: nullable(text),
  quantity: nullable(id),
  price: nullable(z.number()),
  shipping_address: nullable(text),
  order_status: nullable(text),
  creation_date: nullable(text),
  payment_id: nullable(id),
  payment_method: nullable(text),
  card_last_four: nullable(text),
  payment_status: nullable(text),
  payment_datetime: nullable(text),
});

/** The columns of a fact that a payment writes. */
export const PAYMENT_COLUMNS = [
  'payment_id',
  'payment_method',
  'card_last_four',
  'payment_status',
  'payment_datetime',
] as const;

/** The latest of some write times in microseconds; a column that is null has none. */
export const latestOf = (writeTimes: readonly (bigint | null | undefined)[]): bigint | undefined =>
  writeTimes.reduce<bigint | undefined>(
    (latest, time) => (time != null && (latest === undefined || time > latest) ? time : latest),
    undefined,
  );

/** Reads a row of `orders_payments_facts`. It throws a ZodError when a column has another type. */
export const toFactRow = (raw: unknown): FactRow => {
  const row = factSchema.parse(raw);
  return {
    orderId: row.order_id,
    order: {
      customerId: row.customer_id,
      item: row.item,
      quantity: row.quantity,
      price: row.price,
      shippingAddress: row.shipping_address,
      orderStatus: row.order_status,
      creationDate: row.creation_date,
    },
    payment: {
      paymentId: row.payment_id,
      paymentMethod: row.payment_method,
      cardLastFour: row.card_last_four,
      paymentStatus: row.payment_status,
      paymentDatetime: row.payment_datetime,
    },
  };
};

/** The columns of a fact by the names of the table, without its key: the way back from `toFactRow`. */
export const factColumns = ({ order, payment }: FactRow) => ({
  customer_id: order.customerId,
  item: order.item,
  quantity: order.quantity,
  price: order.price,
  shipping_address: order.shippingAddress,
  order_status: order.orderStatus,
  creation_date: order.creationDate,
  payment_id: payment.paymentId,
  payment_method: payment.paymentMethod,
  card_last_four: payment.cardLastFour,
  payment_status: payment.paymentStatus,
  payment_datetime: payment.paymentDatetime,
});

export type FactColumn = keyof ReturnType<typeof factColumns>;
/** The names of these columns, in the order of the table. */
export const FACT_COLUMNS = Object.keys(factSchema.omit({ order_id: true }).shape) as FactColumn[];

/**
 * Reads a row of `ledger_by_order`. It throws an Error when a column has another type. Every message reads
 * all entries of its order. In the simulation, a schema for them took a tenth of the product's time.
 */
export const toLedgerRow = (raw: unknown): LedgerRow => {
  const row = readEntry(raw as Readonly<Record<string, unknown>>);
  return {
    orderId: row.order_id,
    eventId: row.event_id,
    kind: row.kind ?? '',
    atMs: row.at,
    publishedAtMs: row.published_at ?? 0,
    erasedAtMs: row.erased_at,
    entry: toEntry(row),
  };
};

const readEntry = (row: Readonly<Record<string, unknown>>) => ({
  order_id: required('order_id', columnOf(row, 'order_id', 'bigint')),
  at: required('at', timeOf(row, 'at')),
  event_id: required('event_id', columnOf(row, 'event_id', 'string')),
  kind: columnOf(row, 'kind', 'string'),
  ref: columnOf(row, 'ref', 'string'),
  published_at: timeOf(row, 'published_at'),
  occurred_at: timeOf(row, 'occurred_at'),
  redacted: columnOf(row, 'redacted', 'boolean'),
  erased_at: timeOf(row, 'erased_at'),
  customer_id: columnOf(row, 'customer_id', 'bigint'),
  item: columnOf(row, 'item', 'string'),
  quantity: columnOf(row, 'quantity', 'bigint'),
  price: columnOf(row, 'price', 'number'),
  shipping_address: columnOf(row, 'shipping_address', 'string'),
  order_status: columnOf(row, 'order_status', 'string'),
  creation_date: columnOf(row, 'creation_date', 'string'),
  payment_method: columnOf(row, 'payment_method', 'string'),
  card_last_four: columnOf(row, 'card_last_four', 'string'),
  payment_status: columnOf(row, 'payment_status', 'string'),
  payment_datetime: columnOf(row, 'payment_datetime', 'string'),
  decision: columnOf(row, 'decision', 'string'),
  because: columnOf(row, 'because', 'string'),
  decided_by: columnOf(row, 'decided_by', 'string'),
});

const required = <T>(column: string, value: T | undefined): T => {
  if (value === undefined) throw new Error(`${column}: expected a value, got none`);
  return value;
};

type RawEntry = ReturnType<typeof readEntry>;

/** The entry of a row; undefined when a column that its kind always has is missing. */
const toEntry = (row: RawEntry): LedgerEntry | undefined => {
  if (row.published_at === undefined) return undefined;
  const entry = {
    orderId: row.order_id,
    eventId: row.event_id,
    publishedAtMs: row.published_at,
    atMs: row.at,
  };
  const marks = { isRedacted: row.redacted ?? false, erasedAtMs: row.erased_at };
  const message = { ...entry, occurredAtMs: row.occurred_at, ...marks };
  switch (row.kind) {
    case 'order': {
      const order = toOrder(row);
      return order && { ...message, kind: 'order', order };
    }
    case 'payment': {
      const payment = toPayment(row);
      return payment && { ...message, kind: 'payment', payment };
    }
    case 'decision': {
      const { ref = '', because = '', decided_by: decidedBy = '' } = row;
      const decision = DECISIONS.find((known) => known === row.decision);
      return decision && { ...entry, kind: 'decision', decision, ref, because, decidedBy };
    }
    case undefined:
    default:
      return undefined;
  }
};

const toOrder = (row: RawEntry): Order | undefined => {
  const { item, quantity, price, order_status: orderStatus, creation_date: creationDate } = row;
  const isWhole =
    item !== undefined &&
    quantity !== undefined &&
    price !== undefined &&
    orderStatus !== undefined &&
    creationDate !== undefined &&
    (row.shipping_address !== undefined || row.erased_at !== undefined);
  if (!isWhole) return undefined;
  const personal = { customerId: row.customer_id, shippingAddress: row.shipping_address };
  return { orderId: row.order_id, ...personal, item, quantity, price, orderStatus, creationDate };
};

const toPayment = (row: RawEntry): Payment | undefined => {
  const { ref, payment_method, payment_status, payment_datetime } = row;
  const isWhole =
    ref !== undefined &&
    /^\d+$/.test(ref) &&
    payment_method !== undefined &&
    payment_status !== undefined &&
    payment_datetime !== undefined;
  if (!isWhole) return undefined;
  return {
    paymentId: BigInt(ref),
    orderId: row.order_id,
    paymentMethod: payment_method,
    cardLastFour: row.card_last_four,
    paymentStatus: payment_status,
    paymentDatetime: payment_datetime,
  };
};

/** The entries of the rows that are whole, in the shape that the fold takes. */
export const toLedgerEntries = (rows: readonly LedgerRow[]): LedgerEntry[] =>
  rows.flatMap(({ entry }) => entry ?? []);

const payloadSchema = z.object({ payload: nullable(z.instanceof(Uint8Array)) });

/**
 * Reads the payload of a dead letter, which is empty when the row has none. It throws a ZodError for any
 * other type.
 */
export const toPayload = (raw: unknown): Uint8Array => payloadSchema.parse(raw).payload ?? new Uint8Array();

/**
 * The columns that `toDeadLetterRow` reads. The payload is not among them, because a page of payloads could
 * have a gigabyte.
 */
export const DEAD_LETTER_COLUMNS = [
  'day',
  'shard',
  'event_id',
  'reason',
  'error',
  'told_by',
  'origin_topic',
  'origin_message_id',
  'published_at',
  'recorded_at',
  'order_id',
  'payment_id',
  'payload_bytes',
  'payload_sha256',
  'redacted',
  'redrive_count',
] as const;
type RawDeadLetter = Readonly<Partial<Record<(typeof DEAD_LETTER_COLUMNS)[number], unknown>>>;

/**
 * Reads a row of `dead_letters` without its payload. It throws an Error when a column has another type. There
 * may be 100,000 of a day, and a schema would take as long for one as all else together.
 */
export const toDeadLetterRow = (raw: object): DeadLetterRow => {
  const row: RawDeadLetter = raw;
  return {
    // The driver returns a LocalDate, and the in-memory store a text. Both print as yyyy-mm-dd.
    day: String(row.day),
    shard: columnOf(row, 'shard', 'number') ?? 0,
    id: columnOf(row, 'event_id', 'string') ?? '',
    reason: reasonOf(row),
    error: columnOf(row, 'error', 'string') ?? '',
    toldBy: columnOf(row, 'told_by', 'string') ?? '',
    publishedAtMs: timeOf(row, 'published_at') ?? 0,
    originTopic: columnOf(row, 'origin_topic', 'string') ?? '',
    originMessageId: columnOf(row, 'origin_message_id', 'string') ?? '',
    recordedAtMs: timeOf(row, 'recorded_at'),
    isRedacted: columnOf(row, 'redacted', 'boolean') ?? false,
    redriveCount: columnOf(row, 'redrive_count', 'number') ?? 0,
    orderId: columnOf(row, 'order_id', 'bigint'),
    paymentId: columnOf(row, 'payment_id', 'bigint'),
    payloadBytes: columnOf(row, 'payload_bytes', 'number') ?? 0,
    payloadSha256: columnOf(row, 'payload_sha256', 'string'),
  };
};

/**
 * Reads what was asked for of a row of one partition. It throws an Error when a column has another type.
 * @param partition the day and the shard, which are the same in all rows.
 */
export const toDeadLetterHead = (
  raw: object,
  partition: Pick<DeadLetterHead, 'day' | 'shard'>,
): DeadLetterHead => {
  const row: RawDeadLetter = raw;
  return {
    ...partition,
    id: columnOf(row, 'event_id', 'string') ?? '',
    reason: reasonOf(row),
    publishedAtMs: timeOf(row, 'published_at') ?? 0,
    originTopic: columnOf(row, 'origin_topic', 'string'),
    orderId: columnOf(row, 'order_id', 'bigint'),
    paymentId: columnOf(row, 'payment_id', 'bigint'),
    error: columnOf(row, 'error', 'string'),
  };
};

const reasonOf = (row: RawDeadLetter): DeadLetterReason => {
  const reason = DEAD_LETTER_REASONS.find((known) => known === row.reason);
  if (reason !== undefined) return reason;
  throw new Error('dead_letters.reason: expected a known reason, got another value');
};

interface ColumnTypes {
  readonly string: string;
  readonly number: number;
  readonly bigint: bigint;
  readonly boolean: boolean;
}

/** The value of a column; undefined when it is null or absent. */
const columnOf = <Type extends keyof ColumnTypes, Column extends string>(
  row: Readonly<Partial<Record<Column, unknown>>>,
  column: NoInfer<Column>,
  type: Type,
): ColumnTypes[Type] | undefined => {
  const value = row[column];
  if (value === null || value === undefined) return undefined;
  if (typeof value !== type) throw new Error(`${column}: expected a ${type}, got a ${typeof value}`);
  return value as ColumnTypes[Type];
};

const timeOf = <Column extends string>(
  row: Readonly<Partial<Record<Column, unknown>>>,
  column: NoInfer<Column>,
): number | undefined => {
  const value = row[column];
  if (value === null || value === undefined) return undefined;
  if (!(value instanceof Date)) throw new Error(`${column}: expected a time, got a ${typeof value}`);
  return value.getTime();
};

/** The columns of the ledger that `toLedgerRow` reads. */
export const LEDGER_COLUMNS: readonly string[] = Object.keys(
  readEntry({ order_id: 0n, at: new Date(0), event_id: '' }),
);

const actionSchema = z.object({
  reason: z.enum(DEAD_LETTER_REASONS),
  acted_at: timeMs,
  operation_id: text,
  action: z.enum(DEAD_LETTER_ACTION_KINDS),
  operator: nullable(text),
  because: nullable(text),
  redrives: nullable(z.number()),
  detail: nullable(text),
});

/** Reads a row of `dead_letter_actions`. It throws a ZodError when a column has another type. */
export const toDeadLetterAction = (raw: unknown): DeadLetterAction => {
  const row = actionSchema.parse(raw);
  return {
    reason: row.reason,
    kind: row.action,
    actedAtMs: row.acted_at,
    operationId: row.operation_id,
    operator: row.operator ?? '',
    because: row.because ?? '',
    redrives: row.redrives,
    detail: row.detail ?? '',
  };
};
