import { describe, expect, it } from 'vitest';
import {
  DEAD_LETTER_TOPIC,
  FUNCTIONS,
  findSubscription,
  IN_PROGRESS_MAX_MS,
  isOfAnotherEnvironment,
  nameIn,
  SUBSCRIPTIONS,
  TOPICS,
} from '../../shared/topology.ts';
import { ACK_DEADLINE_SECONDS, HANDLE_TIMEOUT_MS, QUEUE_TIMEOUT_MS } from '../../shared/deadlines.ts';

const DAY_SECONDS = 86_400;

describe('the topology', () => {
  it('tries a message on its way within a time, on every subscription', () => {
    for (const { maximumBackoffSeconds, ackDeadlineSeconds } of SUBSCRIPTIONS) {
      const longest = Math.max(ackDeadlineSeconds * 1_000, QUEUE_TIMEOUT_MS + HANDLE_TIMEOUT_MS);
      expect(IN_PROGRESS_MAX_MS).toBeGreaterThanOrEqual(maximumBackoffSeconds * 1_000 + longest);
    }
    expect(IN_PROGRESS_MAX_MS).toBe(720_000);
  });

  it('has the names of the reference, so that its producers work unchanged', () => {
    expect(TOPICS).toEqual(['orders_data', 'payments_data', 'dlq_orders_data', 'dlq_payments_data']);
    expect(FUNCTIONS).toEqual(['onOrder', 'onPayment', 'onDlq', 'simulate']);
  });

  it.each([
    ['orders_data', 'orders_data', 'onOrder', 'dlq_orders_data'],
    ['payments_data', 'payments_data', 'onPayment', 'dlq_payments_data'],
  ])(
    'pushes the input topic %s with the numbers of the design',
    (topic, origin, consumer, deadLetterTopic) => {
      expect(findSubscription(`${topic}-sub`)).toEqual({
        name: `${topic}-sub`,
        topic,
        origin,
        consumer,
        ackDeadlineSeconds: 60,
        minimumBackoffSeconds: 1,
        maximumBackoffSeconds: 60,
        retentionSeconds: 7 * DAY_SECONDS,
        deadLetter: { topic: deadLetterTopic, maxDeliveryAttempts: 100 },
      });
    },
  );

  it.each([
    ['dlq_orders_data', 'orders_data'],
    ['dlq_payments_data', 'payments_data'],
  ])('pushes the dead-letter topic %s for as long and as slowly as it can', (topic, origin) => {
    expect(findSubscription(`${topic}-sub`)).toEqual({
      name: `${topic}-sub`,
      topic,
      origin,
      consumer: 'onDlq',
      ackDeadlineSeconds: 60,
      minimumBackoffSeconds: 10,
      maximumBackoffSeconds: 600,
      retentionSeconds: 31 * DAY_SECONDS,
    });
  });

  it('subscribes to every topic exactly once, for a dead-letter topic without a subscription loses messages', () => {
    const subscribed = SUBSCRIPTIONS.map(({ topic }) => topic);

    expect(subscribed.toSorted()).toEqual([...TOPICS].toSorted());
  });

  it('dead-letters by policy to the topic that the functions publish to', () => {
    const byPolicy = SUBSCRIPTIONS.flatMap(({ origin, deadLetter }) =>
      deadLetter === undefined ? [] : [[origin, deadLetter.topic]],
    );

    expect(byPolicy).toEqual(Object.entries(DEAD_LETTER_TOPIC));
  });

  it('never dead-letters a dead letter', () => {
    const deadLetterTopics = Object.values(DEAD_LETTER_TOPIC);

    for (const topic of deadLetterTopics) {
      expect(SUBSCRIPTIONS.find((subscription) => subscription.topic === topic)).not.toHaveProperty(
        'deadLetter',
      );
    }
  });

  it.each(SUBSCRIPTIONS)('stays within the limits of Pub/Sub for $name', (subscription) => {
    expect(subscription.ackDeadlineSeconds).toBe(ACK_DEADLINE_SECONDS);
    expect(subscription.ackDeadlineSeconds).toBeGreaterThanOrEqual(10);
    expect(subscription.ackDeadlineSeconds).toBeLessThanOrEqual(600);
    expect(subscription.minimumBackoffSeconds).toBeLessThan(subscription.maximumBackoffSeconds);
    expect(subscription.maximumBackoffSeconds).toBeLessThanOrEqual(600);
    expect(subscription.retentionSeconds).toBeLessThanOrEqual(31 * DAY_SECONDS);
    expect(subscription.deadLetter?.maxDeliveryAttempts ?? 5).toBeGreaterThanOrEqual(5);
    expect(subscription.deadLetter?.maxDeliveryAttempts ?? 100).toBeLessThanOrEqual(100);
  });
});

describe('findSubscription', () => {
  it.each(SUBSCRIPTIONS)('finds $name in the path of any project', (subscription) => {
    expect(findSubscription(`projects/any/subscriptions/${subscription.name}`)).toBe(subscription);
    expect(findSubscription(subscription.name)).toBe(subscription);
  });

  it.each(SUBSCRIPTIONS)('finds $name of an environment by the name that it has there', (subscription) => {
    const path = `projects/any/subscriptions/staging-${subscription.name}`;

    expect(nameIn('staging', subscription.name)).toBe(`staging-${subscription.name}`);
    expect(findSubscription(path, 'staging')).toBe(subscription);
  });

  it.each([
    ['staging-orders_data-sub', undefined],
    ['staging-orders_data-sub', 'stag'],
    ['staging-orders_data-sub', 'production'],
    ['orders_data-sub', 'staging'],
  ])('does not take %s for a subscription of the environment %s', (name, environment) => {
    expect(findSubscription(`projects/any/subscriptions/${name}`, environment)).toBeUndefined();
  });

  it.each([
    '',
    'orders_data',
    'projects/any/subscriptions/',
    'projects/any/subscriptions/other-sub',
    'orders_data-sub/',
  ])('finds nothing in "%s"', (path) => {
    expect(findSubscription(path)).toBeUndefined();
  });
});

describe('isOfAnotherEnvironment', () => {
  it.each([
    ['orders_data-sub', 'staging', true],
    ['production-orders_data-sub', 'staging', true],
    ['staging-dlq_payments_data-sub', undefined, true],
    ['staging-orders_data-sub', 'staging', false],
    ['dlq_orders_data-sub', undefined, false],
    ['eventarc-europe-west1-orders-sub-123', 'staging', false],
    ['orders_data-sub-123', 'staging', false],
    ['', 'staging', false],
  ])('says of %s in the environment %s: %s', (name, environment, expected) => {
    expect(isOfAnotherEnvironment(`projects/any/subscriptions/${name}`, environment)).toBe(expected);
  });
});
