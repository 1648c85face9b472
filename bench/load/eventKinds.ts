import type { ConsumerFunction } from '../../shared/topology.ts';

/** The kinds of events whose cost is measured, in an order in which each finds what it needs. */
export const EVENT_KINDS = [
  'order',
  'matched payment',
  'finding',
  'early payment',
  'late order',
  'dead letter',
  'poison',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

interface KindSpec {
  readonly consumer: ConsumerFunction;
  readonly subscription: string;
  /** The kind that must have been there for the same order; undefined: none. */
  readonly after: EventKind | undefined;
}

/** Which function takes a kind, and what must have come before it for the same order. */
export const KIND_SPECS: Readonly<Record<EventKind, KindSpec>> = {
  order: { consumer: 'onOrder', subscription: 'orders_data-sub', after: undefined },
  'matched payment': { consumer: 'onPayment', subscription: 'payments_data-sub', after: 'order' },
  finding: { consumer: 'onPayment', subscription: 'payments_data-sub', after: 'matched payment' },
  'early payment': { consumer: 'onPayment', subscription: 'payments_data-sub', after: undefined },
  'late order': { consumer: 'onOrder', subscription: 'orders_data-sub', after: 'early payment' },
  'dead letter': { consumer: 'onDlq', subscription: 'dlq_payments_data-sub', after: undefined },
  poison: { consumer: 'onOrder', subscription: 'orders_data-sub', after: undefined },
};

/** What must come before an event of a kind, in its order. */
export const prerequisitesOf = (kind: EventKind): readonly EventKind[] => {
  const { after } = KIND_SPECS[kind];
  return after === undefined ? [] : [...prerequisitesOf(after), after];
};

/** Distances the id of a second payment from all others. */
export const SECOND_PAYMENT = 2 ** 48;

/** The body of a kind's message, as the reference publishes orders and payments. */
export const bodyOf = (kind: EventKind, orderId: number): string => {
  switch (kind) {
    case 'order':
    case 'late order':
      return orderBody(orderId);
    case 'poison':
      return orderBody(orderId).replace('457.0966360351904', '"1,403.00"');
    case 'finding':
      return paymentBody(orderId, orderId + SECOND_PAYMENT);
    case 'matched payment':
    case 'early payment':
    case 'dead letter':
      return paymentBody(orderId, orderId);
  }
};

const orderBody = (orderId: number): string =>
  JSON.stringify({
    order_id: orderId,
    customer_id: 101,
    item: 'Laptop',
    quantity: 2,
    price: 457.0966360351904,
    shipping_address: '123 Main St, City A, Country',
    order_status: 'Shipped',
    creation_date: '2024-01-21',
  });

const paymentBody = (orderId: number, paymentId: number): string =>
  JSON.stringify({
    payment_id: paymentId,
    order_id: orderId,
    payment_method: 'Credit Card',
    card_last_four: '0007',
    payment_status: 'Completed',
    payment_datetime: '2024-01-21T07:01:30Z',
  });

const DECLINED_MAX = 10_000;

/** A payment that was declined. `attempt` tells it from up to 9,999 others of its order. */
export const declinedBody = (orderId: number, attempt: number): string =>
  paymentBody(orderId, orderId * DECLINED_MAX + attempt).replace('Completed', 'Declined');

/**
 * The push of a kind's message, as Pub/Sub sends it.
 * @param body the message's own, when it is not the kind's usual one.
 */
export const pushBodyOf = (
  kind: EventKind,
  orderId: number,
  publishedAtMs: number,
  body: string = bodyOf(kind, orderId),
): string => {
  const { subscription } = KIND_SPECS[kind];
  const publishTime = new Date(publishedAtMs).toISOString();
  const messageId = String(orderId);
  return JSON.stringify({
    message: {
      data: Buffer.from(body).toString('base64'),
      ...(kind === 'dead letter' ? { attributes: deadLetterAttributes(publishTime, messageId) } : {}),
      messageId,
      message_id: messageId,
      publishTime,
      publish_time: publishTime,
    },
    subscription: `projects/tally-bench/subscriptions/${subscription}`,
    ...(kind === 'dead letter' ? {} : { deliveryAttempt: 1 }),
  });
};

/** As `onPayment` publishes an early payment. */
const deadLetterAttributes = (publishTime: string, messageId: string): Record<string, string> => ({
  tally_reason: 'unmatched',
  tally_error: 'its order has not come yet',
  tally_event_id: messageId.padStart(32, '0'),
  tally_origin_topic: 'payments_data',
  tally_origin_message_id: messageId,
  tally_origin_publish_time: publishTime,
  tally_redrive_count: '0',
});
