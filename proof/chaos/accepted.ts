import { createHash } from 'node:crypto';
import type { PublishedMessage } from '../../local/pubsub/server/message.ts';
import type { InputTopic } from '../../shared/topology.ts';
import { judgeOrder, judgePayment } from '../fuzz/judge/judgeMessage.ts';

/** A message that Pub/Sub accepted. Its topic, its publish time and its bytes identify it. */
export interface Accepted {
  readonly topic: InputTopic;
  readonly publishedAtMs: number;
  readonly data: Uint8Array;
}

/** The messages of one topic with equal bytes and one publish time are one event. */
export const keyOf = ({ topic, publishedAtMs, data }: Accepted): string =>
  `${topic}/${publishedAtMs}/${createHash('sha256').update(data).digest('base64').slice(0, 24)}`;

/** A copy, because a long run keeps the bytes of millions of messages. */
export const toAccepted = (topic: InputTopic, { publishedAtMs, data }: PublishedMessage): Accepted => ({
  topic,
  publishedAtMs,
  data: Uint8Array.from(data),
});

/** The columns of a row in which a person finds a message again. */
export type Cells = Readonly<Record<string, unknown>>;

interface Said {
  readonly accepted: Accepted;
  readonly orderId: bigint;
  /** When it happened, in milliseconds: the producer's time, or the publish time if that cannot be right. */
  readonly atMs: number;
  readonly occurredAtMs: number | undefined;
  readonly cells: Cells;
}

export interface Version extends Said {
  readonly kind: 'order';
}

export interface Payment extends Said {
  readonly kind: 'payment';
  readonly paymentId: bigint;
  readonly method: string;
  readonly card: string | undefined;
  readonly status: string;
}

/** What a message says. It is read by the judge of the fuzzer, without the product's parsers. */
type Reading = Version | Payment | { readonly kind: 'malformed'; readonly accepted: Accepted };

/** The documentation says so: a producer's clock may be five minutes ahead of Pub/Sub's. */
const CLOCK_AHEAD_MAX_MS = 300_000;

export const read = (accepted: Accepted): Reading => {
  const { topic, publishedAtMs, data } = accepted;
  const said = (orderId: bigint, occurredAtMs: number | undefined) => {
    const isRight = occurredAtMs !== undefined && occurredAtMs <= publishedAtMs + CLOCK_AHEAD_MAX_MS;
    return { accepted, orderId, occurredAtMs, atMs: isRight ? occurredAtMs : publishedAtMs };
  };
  if (topic === 'orders_data') {
    const judged = judgeOrder(data);
    if (judged.kind !== 'valid') return { kind: 'malformed', accepted };
    const { message } = judged;
    const cells = {
      customer_id: message.customerId,
      item: message.item,
      quantity: message.quantity,
      price: message.price,
      shipping_address: message.shippingAddress,
      order_status: message.orderStatus,
      creation_date: message.creationDate,
    };
    return { kind: 'order', cells, ...said(message.orderId, judged.occurredAtMs) };
  }
  const judged = judgePayment(data);
  if (judged.kind !== 'valid') return { kind: 'malformed', accepted };
  const { message } = judged;
  return {
    kind: 'payment',
    paymentId: message.paymentId,
    method: message.paymentMethod,
    card: message.cardLastFour,
    status: message.paymentStatus,
    cells: {
      payment_method: message.paymentMethod,
      card_last_four: message.cardLastFour,
      payment_status: message.paymentStatus,
      payment_datetime: message.paymentDatetime,
    },
    ...said(message.orderId, judged.occurredAtMs),
  };
};

/** The same columns of a row as one text; a column without a value is written as null. */
export const textOf = (row: Cells, columns: readonly string[]): string =>
  JSON.stringify(columns.map((column) => toText(row[column])));

const toText = (value: unknown): unknown => {
  if (value instanceof Date) return String(value.getTime());
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : (value ?? null);
};
