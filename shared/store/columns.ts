import type { DeadLetter } from '../domain/deadLetter.ts';
import type { LedgerEntry } from '../domain/ledgerEntry.ts';
import type { Order } from '../domain/order.ts';
import type { Payment } from '../domain/payment.ts';

/**
 * The order columns of a fact. An unset column is written as null. Without that, a guest's version of an
 * order would show the customer of an older version until the order is folded (I5).
 */
export const orderCells = (order: Order) => ({
  ...orderContentCells(order),
  customer_id: order.customerId ?? null,
  shipping_address: order.shippingAddress ?? null,
});

/**
 * The payment columns of a fact. An unset column is written as null, because the row may hold another
 * payment's value. The writer cannot know: two that have each seen one payment only may both write (I5).
 */
export const paymentCells = (payment: Payment) => ({
  payment_id: payment.paymentId,
  ...paymentContentCells(payment),
  card_last_four: payment.cardLastFour ?? null,
});

/** One message is one entry today, read by the first contract: see `0002_ledger_by_order.cql`. */
const PART = 0;
const CONTRACT_VERSION = 1;

/** The columns that identify a row of the ledger, beside its order. A time is in milliseconds. */
export const entryKey = ({ kind, atMs, eventId }: Pick<LedgerEntry, 'kind' | 'atMs' | 'eventId'>) => ({
  is_order: kind === 'order',
  at: new Date(atMs),
  event_id: eventId,
  part: PART,
  contract_version: CONTRACT_VERSION,
});

/** The other columns of a row of the ledger. An undefined one is not written. */
export const entryCells = (entry: LedgerEntry) => ({
  kind: entry.kind,
  ref: refOf(entry),
  published_at: new Date(entry.publishedAtMs),
  ...contentCells(entry),
});

const refOf = (entry: LedgerEntry): string | undefined => {
  if (entry.kind === 'payment') return entry.payment.paymentId.toString();
  return entry.kind === 'decision' ? entry.ref : undefined;
};

const contentCells = (entry: LedgerEntry) => {
  if (entry.kind === 'decision') {
    return { decision: entry.decision, because: entry.because, decided_by: entry.decidedBy };
  }
  return {
    occurred_at: entry.occurredAtMs === undefined ? undefined : new Date(entry.occurredAtMs),
    redacted: entry.isRedacted || undefined,
    ...(entry.kind === 'order' ? orderContentCells(entry.order) : paymentContentCells(entry.payment)),
  };
};

const orderContentCells = (order: Order) => ({
  customer_id: order.customerId,
  item: order.item,
  quantity: order.quantity,
  price: order.price,
  shipping_address: order.shippingAddress,
  order_status: order.orderStatus,
  creation_date: order.creationDate,
});

const paymentContentCells = (payment: Payment) => ({
  payment_method: payment.paymentMethod,
  card_last_four: payment.cardLastFour,
  payment_status: payment.paymentStatus,
  payment_datetime: payment.paymentDatetime,
});

/** The columns of the ledger that an erasure takes away, by the kind of entry. */
export const personalCells = ({ kind }: Pick<LedgerEntry, 'kind'>) => {
  if (kind === 'order') return { customer_id: null, shipping_address: null };
  return kind === 'payment' ? { card_last_four: null } : {};
};

/** The columns of a dead letter beside its key. An undefined one is not written. */
export const deadLetterCells = (deadLetter: DeadLetter) => ({
  error: deadLetter.error,
  told_by: deadLetter.toldBy,
  origin_topic: deadLetter.originTopic,
  origin_message_id: deadLetter.originMessageId,
  published_at: new Date(deadLetter.publishedAtMs),
  recorded_at: new Date(deadLetter.recordedAtMs),
  order_id: deadLetter.orderId,
  payment_id: deadLetter.paymentId,
  payload: deadLetter.payload,
  payload_bytes: deadLetter.payloadBytes,
  payload_sha256: deadLetter.payloadSha256,
  redacted: deadLetter.isRedacted,
  redrive_count: deadLetter.redriveCount,
});
