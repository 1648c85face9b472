import type { Delivery, PublishedMessage } from '../local/pubsub/server/message.ts';
import { SUBSCRIPTIONS } from '../shared/topology.ts';
import type { LocalFeed } from '../console/feed/localFeed.ts';

/** What one message says: to the witness of Pub/Sub, and in the outcome line of its function. */
export interface ToldMessage {
  readonly subscription: string;
  readonly message: PublishedMessage;
  readonly delivery: Delivery;
  readonly line: string;
}

/** Lets a feed see a message: it is enqueued, leased and acked, and has its outcome line. */
export const tellFeed = (
  { witness, onFunctionLine }: Pick<LocalFeed, 'witness' | 'onFunctionLine'>,
  { subscription, message, delivery, line }: ToldMessage,
): void => {
  witness.enqueued(subscription, message, 1);
  witness.leased(subscription, delivery);
  onFunctionLine('onOrder', line);
  witness.acked(subscription, delivery);
};

/** A message that was matched or stored at its first attempt. */
export const toldMessage = (index: number, publishedAtMs: number): ToldMessage => {
  const spec = SUBSCRIPTIONS[index % 2];
  if (spec === undefined) throw new Error('the topology has no subscriptions');
  const subscription = `projects/bench/subscriptions/${spec.name}`;
  const messageId = String(index + 1);
  const body = { order_id: index, customer_id: 101, item: 'Laptop', quantity: 2, price: 457.1, index };
  const message = {
    messageId,
    nth: index + 1,
    publishedAtMs,
    data: Buffer.from(JSON.stringify({ ...body, shipping_address: '123 Main St, City A, Country' })),
    attributes: {},
    orderingKey: '',
  };
  const fields = {
    severity: 'INFO',
    time: new Date(publishedAtMs).toISOString(),
    'logging.googleapis.com/labels': { function: spec.consumer },
    settlement: 'ack',
    outcome: index % 2 === 0 ? 'stored' : 'matched',
    reason: null,
    error: null,
    findings: [],
    clock_refused: false,
    redacted: false,
    order_id: String(index),
    payment_id: null,
    event_id: index.toString(16).padStart(32, '0'),
    origin_topic: spec.origin,
    subscription: spec.name,
    message_id: messageId,
    origin_message_id: messageId,
    publish_time: new Date(publishedAtMs).toISOString(),
    delivery_attempt: 1,
    redrive_count: 0,
    duration_ms: 12.345,
    message: 'message settled',
  };
  const delivery = { ackId: `ack-${index}`, message, bytes: 200, attempt: 1 };
  return { subscription, message, delivery, line: JSON.stringify(fields) };
};
