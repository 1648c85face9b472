import type { IncomingEvent } from '../../../shared/domain/event.ts';
import type { Order } from '../../../shared/domain/order.ts';
import type { Payment } from '../../../shared/domain/payment.ts';
import type { PushedMessage } from '../../../shared/messaging/pushBody.ts';
import type { PushRequest } from '../../../shared/messaging/pushEndpoint.ts';
import type { LedgerEntry } from '../../../shared/store/store.ts';
import { findSubscription, type SubscriptionSpec } from '../../../shared/topology.ts';

/** 2024-01-21T10:00:00.123Z */
export const PUBLISHED_AT_MS = 1_705_831_200_123;

/** A test number of a card network: its Luhn check holds, and nobody owns it. */
export const CARD = '4111111111111111';

/** The reference system's first order. */
export const order = (changes: Partial<Order> = {}): Order => ({
  orderId: 1n,
  customerId: 100n,
  item: 'Laptop',
  quantity: 2n,
  price: 457.0966360351904,
  shippingAddress: '123 Main St, City A, Country',
  orderStatus: 'Shipped',
  creationDate: '2024-01-21',
  ...changes,
});

/** The reference system's payment for its first order. */
export const payment = (changes: Partial<Payment> = {}): Payment => ({
  paymentId: 1001n,
  orderId: 1n,
  paymentMethod: 'PayPal',
  cardLastFour: '0001',
  paymentStatus: 'Completed',
  paymentDatetime: '2024-01-21T01:01:30Z',
  ...changes,
});

/** Fields as the JSON text that is sent for each; undefined leaves the field out. */
export type JsonFields = Readonly<Record<string, string | undefined>>;

const toBytes = (fields: JsonFields): Buffer =>
  Buffer.from(
    `{${Object.entries(fields)
      .flatMap(([name, source]) => (source === undefined ? [] : [`${JSON.stringify(name)}: ${source}`]))
      .join(', ')}}`,
  );

/** The bytes of `order()` as the reference system sends them: `orderBytes({ price: '"1"', item: undefined })`. */
export const orderBytes = (changes: JsonFields = {}): Buffer =>
  toBytes({
    order_id: '1',
    customer_id: '100',
    item: '"Laptop"',
    quantity: '2',
    price: '457.0966360351904',
    shipping_address: '"123 Main St, City A, Country"',
    order_status: '"Shipped"',
    creation_date: '"2024-01-21"',
    ...changes,
  });

/** The bytes of `payment()` as the reference system sends them. */
export const paymentBytes = (changes: JsonFields = {}): Buffer =>
  toBytes({
    payment_id: '1001',
    order_id: '1',
    payment_method: '"PayPal"',
    card_last_four: '"0001"',
    payment_status: '"Completed"',
    payment_datetime: '"2024-01-21T01:01:30Z"',
    ...changes,
  });

/** A payment event, on its first delivery from its input topic. */
export const event = (changes: Partial<IncomingEvent> = {}): IncomingEvent => ({
  eventId: '0123456789abcdef0123456789abcdef',
  publishedAtMs: PUBLISHED_AT_MS,
  origin: 'payments_data',
  carrier: { kind: 'input' },
  data: paymentBytes(),
  isRedacted: false,
  messageId: '7001',
  originMessageId: '7001',
  subscription: 'payments_data-sub',
  deliveryAttempt: 1,
  redriveCount: 0,
  ...changes,
});

/** A payment in the ledger. */
export const ledgerEntry = (changes: Partial<LedgerEntry> = {}): LedgerEntry => ({
  payment: payment(),
  eventId: '0123456789abcdef0123456789abcdef',
  publishedAtMs: PUBLISHED_AT_MS,
  isParked: false,
  ...changes,
});

/** A payment as Pub/Sub pushed it, out of its envelope. */
export const pushedMessage = (changes: Partial<PushedMessage> = {}): PushedMessage => ({
  subscription: 'projects/tally-local/subscriptions/payments_data-sub',
  messageId: '7001',
  publishTimeMs: PUBLISHED_AT_MS,
  data: paymentBytes(),
  attributes: {},
  deliveryAttempt: 1,
  ...changes,
});

/** What the topology says about a subscription that it knows. */
export const subscription = (name: string): SubscriptionSpec => {
  const spec = findSubscription(name);
  if (spec === undefined) throw new Error(`expected a subscription of the topology, got ${name}`);
  return spec;
};

export interface PushRequestChanges {
  readonly method?: string;
  readonly headers?: PushRequest['headers'];
  /** Fields of the body beside the message: undefined leaves one out. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** Fields of the message: undefined leaves one out. */
  readonly message?: Readonly<Record<string, unknown>>;
}

/** A push of an order to `onOrder`, as Pub/Sub sends it. */
export const pushRequest = ({ method, headers, body, message }: PushRequestChanges = {}): PushRequest & {
  readonly rawBody: Buffer;
} => ({
  method: method ?? 'POST',
  headers: headers ?? {},
  rawBody: Buffer.from(
    JSON.stringify({
      subscription: 'projects/tally-local/subscriptions/orders_data-sub',
      deliveryAttempt: 1,
      message: {
        data: orderBytes().toString('base64'),
        messageId: '7001',
        message_id: '7001',
        publishTime: '2024-01-21T10:00:00.123Z',
        publish_time: '2024-01-21T10:00:00.123Z',
        ...message,
      },
      ...body,
    }),
  ),
});
