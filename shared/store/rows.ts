import { z } from 'zod';
import { DEAD_LETTER_REASONS } from '../domain/event.ts';
import type { DeadLetterRow, FactRow, LedgerEntry, LedgerRow } from './store.ts';

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

const ledgerSchema = z.object({
  order_id: id,
  payment_id: id,
  event_id: text,
  published_at: nullable(timeMs),
  payment_method: nullable(text),
  card_last_four: nullable(text),
  payment_status: nullable(text),
  payment_datetime: nullable(text),
  parked: nullable(z.boolean()),
});

const deadLetterSchema = z.object({
  // The driver returns a LocalDate, and the in-memory store a text. Both print as yyyy-mm-dd.
  day: z.coerce.string(),
  shard: z.number(),
  event_id: text,
  reason: z.enum(DEAD_LETTER_REASONS),
  error: nullable(text),
  origin_topic: nullable(text),
  origin_message_id: nullable(text),
  published_at: nullable(timeMs),
  recorded_at: nullable(timeMs),
  order_id: nullable(id),
  payment_id: nullable(id),
  redacted: nullable(z.boolean()),
  redrive_count: nullable(z.number()),
  matched_at: nullable(timeMs),
  redriven_at: nullable(timeMs),
  discarded_at: nullable(timeMs),
});

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

/** Reads a row of `payments_by_order`. It throws a ZodError when a column has another type. */
export const toLedgerRow = (raw: unknown): LedgerRow => {
  const row = ledgerSchema.parse(raw);
  const { payment_method, card_last_four, payment_status, payment_datetime } = row;
  const isWhole =
    payment_method !== undefined &&
    card_last_four !== undefined &&
    payment_status !== undefined &&
    payment_datetime !== undefined;
  return {
    orderId: row.order_id,
    paymentId: row.payment_id,
    eventId: row.event_id,
    publishedAtMs: row.published_at ?? 0,
    isParked: row.parked ?? false,
    payment: isWhole
      ? {
          paymentId: row.payment_id,
          orderId: row.order_id,
          paymentMethod: payment_method,
          cardLastFour: card_last_four,
          paymentStatus: payment_status,
          paymentDatetime: payment_datetime,
        }
      : undefined,
  };
};

/** The rows that hold a whole payment, in the shape that the handlers use. */
export const toLedgerEntries = (rows: readonly LedgerRow[]): LedgerEntry[] =>
  rows.flatMap(({ payment, eventId, publishedAtMs, isParked }) =>
    payment === undefined ? [] : [{ payment, eventId, publishedAtMs, isParked }],
  );

const payloadSchema = z.object({ payload: nullable(z.instanceof(Uint8Array)) });

/**
 * Reads the payload of a dead letter, which is empty when the row has none. It throws a ZodError for any
 * other type.
 */
export const toPayload = (raw: unknown): Uint8Array => payloadSchema.parse(raw).payload ?? new Uint8Array();

/** Reads a row of `dead_letters` without its payload. It throws a ZodError when a column has another type. */
export const toDeadLetterRow = (raw: unknown): DeadLetterRow => {
  const row = deadLetterSchema.parse(raw);
  return {
    day: row.day,
    shard: row.shard,
    eventId: row.event_id,
    publishedAtMs: row.published_at ?? 0,
    reason: row.reason,
    error: row.error ?? '',
    originTopic: row.origin_topic ?? '',
    originMessageId: row.origin_message_id ?? '',
    recordedAtMs: row.recorded_at,
    isRedacted: row.redacted ?? false,
    redriveCount: row.redrive_count ?? 0,
    orderId: row.order_id,
    paymentId: row.payment_id,
    matchedAtMs: row.matched_at,
    redrivenAtMs: row.redriven_at,
    discardedAtMs: row.discarded_at,
  };
};
