import type { IncomingEvent } from '../../../shared/domain/event.ts';
import type { ReceivedMessage } from '../../../shared/messaging/receivedMessage.ts';
import type { PushRequest } from '../../../shared/messaging/pushEndpoint.ts';
import { orderBytes, paymentBytes } from '../../../proof/referenceMessages.ts';
import { PUBLISHED_AT_MS } from './domain.ts';
import { findSubscription, type SubscriptionSpec } from '../../../shared/topology.ts';

export const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** A payment event, on its first delivery from its input topic. */
export const event = (changes: Partial<IncomingEvent> = {}): IncomingEvent => ({
  eventId: '0123456789abcdef0123456789abcdef',
  publishedAtMs: PUBLISHED_AT_MS,
  origin: 'payments_data',
  carrier: { kind: 'input' },
  data: paymentBytes(),
  cut: undefined,
  isRedacted: false,
  messageId: '7001',
  originMessageId: '7001',
  subscription: 'payments_data-sub',
  deliveryAttempt: 1,
  redriveCount: 0,
  traceparent: TRACEPARENT,
  ...changes,
});

/** A payment message, as a function takes it out of the push. */
export const receivedMessage = (changes: Partial<ReceivedMessage> = {}): ReceivedMessage => ({
  subscription: 'projects/tally-local/subscriptions/payments_data-sub',
  messageId: '7001',
  publishTimeMs: PUBLISHED_AT_MS,
  data: paymentBytes(),
  attributes: {},
  deliveryAttempt: 1,
  ...changes,
});

/** The settings of a subscription in the topology. */
export const subscription = (name: string): SubscriptionSpec => {
  const spec = findSubscription(name);
  if (spec === undefined) throw new Error(`expected a subscription of the topology, got ${name}`);
  return spec;
};

interface PushRequestChanges {
  readonly method?: string;
  readonly headers?: PushRequest['headers'];
  /** Other fields of the body. A field that is undefined is left out. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** Fields of the message. A field that is undefined is left out. */
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
