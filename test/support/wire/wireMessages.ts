import type { PushRequest } from '../../../shared/messaging/pushEndpoint.ts';
import type { ConsumerFunction } from '../../../shared/topology.ts';
import { orderBody, paymentBody } from '../messages/bodies.ts';
import { PUBLISHED_AT_MS } from '../messages/domain.ts';

/** A message for a function. Pushed again, it is the same event. */
export interface WireMessage {
  readonly to: ConsumerFunction;
  readonly subscription: string;
  readonly body: object;
  readonly attributes?: Readonly<Record<string, string>>;
}

export const orderTo = (orderId: number): WireMessage => ({
  to: 'onOrder',
  subscription: 'orders_data-sub',
  body: orderBody(orderId),
});

export const paymentTo = (orderId: number, changes: Record<string, unknown> = {}): WireMessage => ({
  to: 'onPayment',
  subscription: 'payments_data-sub',
  body: paymentBody(orderId, changes),
});

/** A payment that Pub/Sub has forwarded: `onDlq` accepts it. */
export const forwardedPayment = (orderId: number, changes: Record<string, unknown> = {}): WireMessage => ({
  to: 'onDlq',
  subscription: 'dlq_payments_data-sub',
  body: paymentBody(orderId, changes),
  attributes: { CloudPubSubDeadLetterSourceSubscription: 'payments_data-sub' },
});

/** A message that Tally has dead-lettered: the same event, on the dead-letter topic. */
export const deadPayment = (orderId: number): WireMessage => ({
  to: 'onDlq',
  subscription: 'dlq_payments_data-sub',
  body: paymentBody(orderId),
  attributes: {
    tally_reason: 'unmatched,conflict',
    tally_error: 'two reports, said the test',
    tally_origin_topic: 'payments_data',
    tally_origin_message_id: '7001',
    tally_origin_publish_time: new Date(PUBLISHED_AT_MS).toISOString(),
    tally_redrive_count: '0',
    tally_finding_conflict: JSON.stringify({
      id: '0123456789abcdef0123456789abcdef',
      since: new Date(PUBLISHED_AT_MS).toISOString(),
      error: 'paid twice, said the test',
    }),
  },
});

/** The push of a message, as Pub/Sub sends it. */
export const pushOf = ({ subscription, body, attributes }: WireMessage): PushRequest => ({
  method: 'POST',
  headers: {},
  rawBody: Buffer.from(
    JSON.stringify({
      subscription: `projects/tally-local/subscriptions/${subscription}`,
      deliveryAttempt: 1,
      message: {
        data: Buffer.from(JSON.stringify(body)).toString('base64'),
        ...(attributes === undefined ? {} : { attributes }),
        messageId: '7001',
        publishTime: new Date(PUBLISHED_AT_MS).toISOString(),
      },
    }),
  ),
});
