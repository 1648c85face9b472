import { inspectOrder } from '../shared/audit/inspectOrder.ts';
import type { DeadLetterRow, LedgerRow, OrderRecord } from '../shared/store/store.ts';

/**
 * The most payment events and dead letters that are printed, so that the first line stays visible. `--json`
 * has all.
 */
const SHOWN_MAX = 50;
const UNSET = 'unset';

/** All that the tables hold about one order. */
export interface OrderView {
  readonly record: OrderRecord;
  readonly deadLetters: readonly DeadLetterRow[];
}

/**
 * An order for a person: what it comes to, then its row, its payment events and its dead letters, oldest
 * first.
 */
export const formatOrder = ({ record, deadLetters }: OrderView): string => {
  const { orderExists } = inspectOrder(record);
  return [
    ...headline(record),
    '',
    ...(record.fact === undefined
      ? ['Row in orders_payments_facts: none']
      : ['Row in orders_payments_facts:', ...formatRow(record)]),
    '',
    ...section('Payment events in payments_by_order', oldestFirst(record.ledger), (entry) =>
      formatEntry(entry, orderExists),
    ),
    '',
    ...section('Dead letters', oldestFirst(deadLetters), (row) => formatDeadLetter(row, orderExists)),
  ].join('\n');
};

/**
 * The same as one line of JSON, by the names of the tables' columns. Ids are strings, because they have 64
 * bits; a column without a value is null.
 */
export const toJsonOrder = ({ record, deadLetters }: OrderView): string => {
  const { orderExists } = inspectOrder(record);
  return JSON.stringify(
    {
      orderId: record.orderId,
      row: record.fact === undefined ? null : rowColumns(record),
      ledger: oldestFirst(record.ledger).map(ledgerColumns),
      deadLetters: oldestFirst(deadLetters).map((row) => ({
        ...deadLetterColumns(row),
        open: isOpen(row, orderExists),
      })),
    },
    (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : (value ?? null)),
  );
};

type Columns = Readonly<Record<string, bigint | number | string | boolean | undefined>>;

const rowColumns = ({ orderId, fact }: OrderRecord): Columns => ({
  order_id: orderId,
  customer_id: fact?.order.customerId,
  item: fact?.order.item,
  quantity: fact?.order.quantity,
  price: fact?.order.price,
  shipping_address: fact?.order.shippingAddress,
  order_status: fact?.order.orderStatus,
  creation_date: fact?.order.creationDate,
  payment_id: fact?.payment.paymentId,
  payment_method: fact?.payment.paymentMethod,
  card_last_four: fact?.payment.cardLastFour,
  payment_status: fact?.payment.paymentStatus,
  payment_datetime: fact?.payment.paymentDatetime,
});

const ledgerColumns = ({ paymentId, payment, eventId, publishedAtMs, isParked }: LedgerRow): Columns => ({
  payment_id: paymentId,
  payment_method: payment?.paymentMethod,
  card_last_four: payment?.cardLastFour,
  payment_status: payment?.paymentStatus,
  payment_datetime: payment?.paymentDatetime,
  published_at: toTime(publishedAtMs),
  event_id: eventId,
  parked: isParked,
});

const deadLetterColumns = (row: DeadLetterRow): Columns => ({
  reason: row.reason,
  error: row.error,
  payment_id: row.paymentId,
  origin_topic: row.originTopic,
  origin_message_id: row.originMessageId,
  published_at: toTime(row.publishedAtMs),
  recorded_at: toTime(row.recordedAtMs),
  matched_at: toTime(row.matchedAtMs),
  redriven_at: toTime(row.redrivenAtMs),
  discarded_at: toTime(row.discardedAtMs),
  redrive_count: row.redriveCount,
  redacted: row.isRedacted,
  event_id: row.eventId,
});

/** 1705831200123 gives '2024-01-21T10:00:00.123Z'. */
const toTime = (ms: number | undefined): string | undefined =>
  ms === undefined ? undefined : new Date(ms).toISOString();

const oldestFirst = <Event extends { readonly publishedAtMs: number }>(events: readonly Event[]): Event[] =>
  events.toSorted((a, b) => a.publishedAtMs - b.publishedAtMs);

const headline = (record: OrderRecord): string[] => {
  const { orderId, fact, ledger } = record;
  const { orderExists, payments } = inspectOrder(record);
  if (!orderExists && ledger.length === 0) return [`Order ${orderId} has not come.`];
  if (!orderExists) return [`Order ${orderId} has not come. ${waiting(ledger.length)}`];
  const { paymentId, paymentStatus } = fact?.payment ?? {};
  if (paymentId === undefined) return [`Order ${orderId} is here. It has no payment.`];
  const ids = payments.map((payment) => payment.paymentId);
  return [
    `Order ${orderId} is here. It shows payment ${paymentId}: ${toText(paymentStatus)}.`,
    ...(ids.length < 2
      ? []
      : [`It has ${ids.length} payments, ${listed(ids)}. A row shows the payment that was published last.`]),
  ];
};

const waiting = (count: number): string =>
  count === 1 ? 'One payment event waits for it.' : `${count} payment events wait for it.`;

const listed = (ids: readonly bigint[]): string =>
  ids.length > SHOWN_MAX ? `${ids.slice(0, SHOWN_MAX).join(', ')}, …` : ids.join(', ');

const formatRow = (record: OrderRecord): string[] => {
  const columns = Object.entries(rowColumns(record));
  const width = Math.max(...columns.map(([name]) => name.length));
  return columns.map(([name, value]) => `  ${name.padEnd(width)}  ${toText(value)}`);
};

/** A heading with a count, then the newest of so many. */
const section = <Row>(name: string, rows: readonly Row[], format: (row: Row) => string[]): string[] => {
  if (rows.length === 0) return [`${name}: none`];
  const left = rows.length - SHOWN_MAX;
  return [
    `${name}: ${rows.length}, oldest first`,
    ...(left > 0 ? [`  (${left} older ones are left out; --json prints them all)`] : []),
    ...rows.slice(-SHOWN_MAX).flatMap(format),
  ];
};

const formatEntry = (entry: LedgerRow, orderExists: boolean): string[] => {
  const { paymentId, eventId, publishedAtMs, isParked, payment } = entry;
  const joined = orderExists ? 'parked, then joined to its order' : 'parked: it waits for its order';
  return [
    `  payment ${paymentId}: ${toText(payment?.paymentStatus)}`,
    `    published ${toTime(publishedAtMs)}, event ${eventId}`,
    `    ${isParked ? joined : 'not parked'}`,
  ];
};

const formatDeadLetter = (row: DeadLetterRow, orderExists: boolean): string[] => [
  `  ${row.reason}: ${toText(row.error)}`,
  `    ${stateOf(row, orderExists)}`,
  `    published ${toTime(row.publishedAtMs)}, recorded ${toTime(row.recordedAtMs) ?? UNSET}`,
  `    payment ${row.paymentId ?? UNSET}, event ${row.eventId}`,
];

const isOpen = ({ reason }: DeadLetterRow, orderExists: boolean): boolean =>
  reason === 'unmatched' && !orderExists;

const stateOf = (row: DeadLetterRow, orderExists: boolean): string => {
  const marks = [
    ...(row.matchedAtMs === undefined ? [] : [`matched at ${toTime(row.matchedAtMs)}`]),
    ...(row.redrivenAtMs === undefined ? [] : [`sent again at ${toTime(row.redrivenAtMs)}`]),
    ...(row.discardedAtMs === undefined ? [] : [`discarded at ${toTime(row.discardedAtMs)}`]),
  ];
  if (isOpen(row, orderExists)) return ['open: its payment waits for the order', ...marks].join('; ');
  if (marks.length > 0) return marks.join('; ');
  return row.reason === 'unmatched'
    ? 'not marked as matched yet, though the order is here'
    : 'final: a person has to decide';
};

/** Texts come from strangers: a character that a terminal would obey is shown by its number. */
const toText = (value: Columns[string]): string => {
  if (value === undefined) return UNSET;
  if (value === '') return '""';
  return String(value).replaceAll(
    /\p{C}/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`,
  );
};
