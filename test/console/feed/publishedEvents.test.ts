import { expect, it } from 'vitest';
import { createPublishedEvents } from '../../../console/feed/publishedEvents.ts';
import { ATTRIBUTE } from '../../../shared/messaging/deadLetterAttributes.ts';
import { SUBSCRIPTIONS, type SubscriptionSpec } from '../../../shared/topology.ts';

const specOf = (topic: string): SubscriptionSpec => {
  const spec = SUBSCRIPTIONS.find((one) => one.topic === topic);
  if (spec === undefined) throw new Error(`no subscription of ${topic}`);
  return spec;
};
const ORDERS = specOf('orders_data');
const PAYMENTS = specOf('payments_data');

const message = (id: number, text: string, publishedAtMs: number, attributes = {}) => ({
  messageId: String(id),
  nth: id,
  publishedAtMs,
  data: Buffer.from(text),
  attributes,
  orderingKey: '',
});

it('counts equal bytes of one millisecond as one event, on one topic', () => {
  const events = createPublishedEvents();

  const said = [
    events.add(message(1, 'a', 5), ORDERS),
    events.add(message(2, 'a', 5), ORDERS),
    events.add(message(3, 'b', 5), ORDERS),
    events.add(message(4, 'a', 5), PAYMENTS),
    events.add(message(5, 'a', 6), ORDERS),
  ];

  expect(said).toEqual(['new', 'equal', 'new', 'new', 'new']);
  expect(events.counts()).toEqual({ total: 4, newestAtMs: 6, inNewest: 1, repeated: 1 });
});

it('compares large bodies too', () => {
  const events = createPublishedEvents();
  const large = 'x'.repeat(100_000);

  expect(events.add(message(1, large, 5), ORDERS)).toBe('new');
  expect(events.add(message(2, large, 5), ORDERS)).toBe('equal');
  expect(events.add(message(3, `${large}y`, 5), ORDERS)).toBe('new');
});

it('does not count a redrive, a dead letter of Tally, or a message that was forwarded', () => {
  const events = createPublishedEvents();
  const claim = { [ATTRIBUTE.originPublishTime]: '1970-01-01T00:00:00Z' };
  const forwarded = { CloudPubSubDeadLetterSourceTopicPublishTime: '1970-01-01T00:00:00Z' };

  expect(events.add(message(1, 'a', 5, claim), ORDERS)).toBe('copy');
  expect(events.add(message(2, 'a', 5, claim), specOf('dlq_orders_data'))).toBe('copy');
  expect(events.add(message(3, 'a', 5, forwarded), specOf('dlq_orders_data'))).toBe('copy');
  expect(events.counts().total).toBe(0);
});

it('counts a dead letter that was edited, and the same copy once', () => {
  const events = createPublishedEvents();
  const edited = {
    [ATTRIBUTE.editedFrom]: 'e'.repeat(32),
    [ATTRIBUTE.originPublishTime]: '1970-01-01T00:00:00Z',
  };

  expect(events.add(message(1, 'a', 5, edited), ORDERS)).toBe('new');
  expect(events.add(message(2, 'a', 9, edited), ORDERS)).toBe('copy');
  expect(events.add(message(3, 'b', 9, edited), ORDERS)).toBe('new');
  expect(events.add(message(1, 'a', 5, edited), specOf('dlq_orders_data'))).toBe('copy');
  expect(events.counts().total).toBe(2);
});

it('counts a message whose claim the functions do not believe: a later time, or none', () => {
  const events = createPublishedEvents();
  const claim = (time: string) => ({ [ATTRIBUTE.originPublishTime]: time });

  expect(events.add(message(1, 'a', 5, claim('1970-01-01T00:00:01Z')), ORDERS)).toBe('new');
  expect(events.add(message(2, 'b', 6, claim('yesterday')), ORDERS)).toBe('new');
});

it('counts what somebody published to a dead-letter topic without a word', () => {
  const events = createPublishedEvents();

  expect(events.add(message(1, 'a', 5), specOf('dlq_orders_data'))).toBe('new');
});

it('does not count a message that a replay delivers again', () => {
  const events = createPublishedEvents();
  events.add(message(1, 'a', 5), ORDERS);
  events.add(message(2, 'b', 6), ORDERS);

  expect(events.add(message(1, 'a', 5), ORDERS)).toBe('replay');
  expect(events.counts().total).toBe(2);
});
