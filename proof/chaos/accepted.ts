import { createHash } from 'node:crypto';
import type { PublishedMessage } from '../../local/pubsub/server/message.ts';
import type { Payment } from '../../shared/domain/payment.ts';
import { eventIdOf } from '../../shared/messaging/eventIdOf.ts';
import { maskBody } from '../../shared/masking/maskBody.ts';
import type { FactRow } from '../../shared/store/store.ts';
import type { InputTopic } from '../../shared/topology.ts';

/** A message that Pub/Sub accepted, with what is needed to find it in the tables. */
export interface Accepted {
  readonly eventId: string;
  readonly topic: InputTopic;
  /** Undefined when the body has none. */
  readonly orderId: number | undefined;
  /** A hash of the fields of the order or the payment; undefined when the body is not a JSON object. */
  readonly content: string | undefined;
  /** A hash of the masked body. */
  readonly body: string;
}

const ORDER_FIELDS = [
  'order_id',
  'customer_id',
  'item',
  'quantity',
  'price',
  'shipping_address',
  'order_status',
  'creation_date',
] as const;
const PAYMENT_FIELDS = [
  'order_id',
  'payment_id',
  'payment_method',
  'card_last_four',
  'payment_status',
  'payment_datetime',
] as const;

/** Reads the body without the functions' parser, because that parser is a part of what is checked. */
export const toAccepted = (topic: InputTopic, message: PublishedMessage): Accepted => {
  const { data } = maskBody(message.data);
  const fields = fieldsOf(data);
  const names = topic === 'orders_data' ? ORDER_FIELDS : PAYMENT_FIELDS;
  const orderId = fields?.get('order_id');
  return {
    eventId: eventIdOf(topic, message.publishedAtMs, data),
    topic,
    orderId: typeof orderId === 'number' ? orderId : undefined,
    content: fields && digest(JSON.stringify(names.map((name) => fields.get(name)))),
    body: digest(data),
  };
};

const fieldsOf = (data: Uint8Array): ReadonlyMap<string, unknown> | undefined => {
  try {
    const json: unknown = JSON.parse(Buffer.from(data).toString());
    return typeof json === 'object' && json !== null ? new Map(Object.entries(json)) : undefined;
  } catch {
    // The traffic contains malformed bodies on purpose.
    return undefined;
  }
};

/**
 * The `content` of the order that a fact shows. The simulator's ids are small enough for a number, so
 * `Number` loses no digit.
 */
export const contentOfOrder = ({ orderId, order }: FactRow): string =>
  digest(
    JSON.stringify([
      Number(orderId),
      Number(order.customerId),
      order.item,
      Number(order.quantity),
      order.price,
      order.shippingAddress,
      order.orderStatus,
      order.creationDate,
    ]),
  );

/** The `content` of a payment in the ledger. */
export const contentOfPayment = (payment: Payment): string =>
  digest(
    JSON.stringify([
      Number(payment.orderId),
      Number(payment.paymentId),
      payment.paymentMethod,
      payment.cardLastFour,
      payment.paymentStatus,
      payment.paymentDatetime,
    ]),
  );

/** A short hash, because a long run keeps millions of them. */
export const digest = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('base64').slice(0, 24);
