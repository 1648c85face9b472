import { createHash } from 'node:crypto';
import type { InputTopic } from '../../shared/topology.ts';
import { type Cells, cellsOf } from './cassandra/cells.ts';
import { tableNamed } from './cassandra/statements.ts';
import type { CqlValue } from './cassandra/values.ts';

// Nothing here uses the product's code. The oracle states the same rules a second time, independently.

/** What a body says. The columns have the names of its fields. */
export type Content =
  | { readonly kind: 'order'; readonly orderId: bigint; readonly columns: Readonly<Record<string, CqlValue>> }
  | {
      readonly kind: 'payment';
      readonly orderId: bigint;
      readonly paymentId: bigint;
      readonly columns: Readonly<Record<string, CqlValue>>;
    }
  | { readonly kind: 'invalid' };

/** An event. Several messages may carry it. */
export interface ExpectedEvent {
  /** A name for people. */
  readonly label: string;
  readonly origin: InputTopic;
  readonly eventId: string;
  readonly publishedAtMs: number;
  readonly writeTime: bigint;
  readonly content: Content;
  /** The bytes with card numbers masked. */
  readonly body: Uint8Array;
  readonly isRedacted: boolean;
  /** The ids of all messages that carried it, and the ids that their attributes claim. */
  readonly messageIds: Set<string>;
  /** The redrive counts that the attributes of its messages claim. */
  readonly redriveCounts: Set<number>;
  readonly rows: ExpectedRows;
}

export const FACTS = 'orders_payments_facts';
export const LEDGER = 'payments_by_order';
export const DEAD_LETTERS = 'dead_letters';
const TABLE = {
  facts: tableNamed(FACTS),
  ledger: tableNamed(LEDGER),
  deadLetters: tableNamed(DEAD_LETTERS),
} as const;

interface EventSource {
  readonly label: string;
  readonly origin: InputTopic;
  readonly publishedAtMs: number;
  readonly content: Content;
  readonly body: Uint8Array;
  readonly isRedacted: boolean;
}

/**
 * Equal bytes, published in the same millisecond on the same topic, are one event. The hash of these is its
 * id, and three digits of the hash break the tie between two events of one millisecond.
 */
export const toEvent = (source: EventSource): ExpectedEvent => {
  const hash = createHash('sha256')
    .update(`${source.origin}\n${source.publishedAtMs}\n`)
    .update(source.body)
    .digest('hex');
  const tie = Number.parseInt(hash.slice(0, 8), 16) % 1000;
  const writeTime = BigInt(source.publishedAtMs) * 1000n + BigInt(tie);
  return {
    ...source,
    eventId: hash.slice(0, 32),
    writeTime,
    messageIds: new Set(),
    redriveCounts: new Set([0]),
    rows: rowsOf(source, hash.slice(0, 32), writeTime),
  };
};

/** The address of a row, as texts. */
interface RowKey {
  readonly table: string;
  readonly partition: string;
  readonly row: string;
}

/** The cells that an event must leave in one row. */
export interface ExpectedRow extends RowKey {
  readonly cells: Cells;
}

/** The rows that an order event or a payment event leaves. */
interface ExpectedRows {
  readonly order?: ExpectedRow;
  /** The payment as its order shows it. */
  readonly shown?: ExpectedRow;
  readonly ledger?: ExpectedRow;
}

const rowsOf = (
  { content, publishedAtMs }: EventSource,
  eventId: string,
  writeTime: bigint,
): ExpectedRows => {
  if (content.kind === 'invalid') return {};
  const partition = String(content.orderId);
  const fact = { table: FACTS, partition, row: '' };
  if (content.kind === 'order')
    return { order: { ...fact, cells: cellsOf(TABLE.facts, content.columns, writeTime) } };
  const { paymentId, columns } = content;
  const shown = cellsOf(TABLE.facts, { payment_id: paymentId, ...columns }, writeTime);
  const kept = cellsOf(TABLE.ledger, { ...columns, published_at: new Date(publishedAtMs) }, writeTime);
  return {
    shown: { ...fact, cells: shown },
    ledger: { table: LEDGER, partition, row: `${paymentId}/${eventId}`, cells: kept },
  };
};

export const deadLetterKey = ({ eventId, publishedAtMs }: ExpectedEvent, reason: string): RowKey => {
  const day = new Date(publishedAtMs).toISOString().slice(0, 10);
  const shard = Number.parseInt(eventId.slice(8, 16), 16) % 16;
  return { table: DEAD_LETTERS, partition: `${day}/${shard}`, row: `${eventId}/${reason}` };
};

/** What a message claims about the event that it carries. */
export interface CarrierClaims {
  readonly originMessageId: string;
  readonly redriveCount: number;
}

/** The cells of a recorded dead letter, without its error text and the times of a function's clock. */
export const deadLetterRow = (
  event: ExpectedEvent,
  reason: string,
  { originMessageId, redriveCount }: CarrierClaims,
): ExpectedRow => {
  const { body, content, isRedacted, origin, publishedAtMs, writeTime } = event;
  const ids = content.kind === 'payment' ? { order_id: content.orderId, payment_id: content.paymentId } : {};
  const columns = {
    ...ids,
    payload: body,
    published_at: new Date(publishedAtMs),
    origin_topic: origin,
    origin_message_id: originMessageId,
    redacted: isRedacted,
    redrive_count: redriveCount,
  };
  return { ...deadLetterKey(event, reason), cells: cellsOf(TABLE.deadLetters, columns, writeTime) };
};

/** The right end state. It follows from the set of messages only, not from their order. */
export interface Expected {
  /** By event id. */
  readonly events: ReadonlyMap<string, ExpectedEvent>;
  readonly orders: ReadonlyMap<string, ExpectedOrder>;
}

/** All events about one order. */
export interface ExpectedOrder {
  readonly orderId: bigint;
  readonly orders: readonly ExpectedEvent[];
  readonly payments: readonly ExpectedEvent[];
}

export const expectedOf = (events: ReadonlyMap<string, ExpectedEvent>): Expected => {
  const orders = new Map<string, { orderId: bigint; orders: ExpectedEvent[]; payments: ExpectedEvent[] }>();
  for (const event of events.values()) {
    const { content } = event;
    if (content.kind === 'invalid') continue;
    const key = String(content.orderId);
    const order = orders.get(key) ?? { orderId: content.orderId, orders: [], payments: [] };
    orders.set(key, order);
    order[content.kind === 'order' ? 'orders' : 'payments'].push(event);
  }
  return { events, orders };
};
