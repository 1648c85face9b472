import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Broker } from '../../../local/pubsub/server/broker.ts';
import type { Push } from '../../../local/pubsub/server/httpPush.ts';
import type { Subscription } from '../../../local/pubsub/server/subscription.ts';
import {
  newMessage,
  pushTo,
  subscriptionName,
  subscriptionSettings,
  testBroker,
  topicName,
} from '../../support/pubsub/testBroker.ts';
import { brokenPromises } from '../../support/pubsub/pubsubPromises.ts';

const ATTEMPTS_MAX = 5;
const ACK_DEADLINE_MS = 10_000;
const HOUR_MS = 3_600_000;

/** One step of a random schedule. An index picks one of the deliveries so far; 0 is the newest. */
type Step =
  | { readonly kind: 'publish' }
  | { readonly kind: 'pull'; readonly count: number }
  | { readonly kind: 'ack' | 'nack'; readonly index: number }
  | { readonly kind: 'extend'; readonly index: number; readonly seconds: number }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'pullAndNackAll' | 'loseDeadLetterTopic' | 'restoreDeadLetterTopic' };

const index = fc.nat({ max: 12 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('publish') }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('pull'), count: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('ack'), index }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('nack'), index }) },
  // The weight is high, so that messages reach their last attempt.
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('pullAndNackAll') }) },
  fc.record({ kind: fc.constant('extend'), index, seconds: fc.integer({ min: 1, max: 60 }) }),
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait'), ms: fc.integer({ min: 1, max: 15_000 }) }) },
  fc.record({ kind: fc.constantFrom('loseDeadLetterTopic', 'restoreDeadLetterTopic') }),
);

/**
 * How an endpoint answers a push: with an ack or a nack, after so long. After the ack deadline both come too
 * late.
 */
const pushAnswer = fc.record({
  isAck: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true)),
  afterMs: fc.oneof(fc.constant(1), fc.nat({ max: 12_000 })),
});
type PushAnswer = { readonly isAck: boolean; readonly afterMs: number };

const retryPolicy = fc.option(
  fc.record({
    minimumBackoffMs: fc.nat({ max: 500 }),
    maximumBackoffMs: fc.integer({ min: 500, max: 5_000 }),
  }),
  { nil: undefined },
);

/** What happened to each message of one subscription, by its text. */
interface Fate {
  readonly attempts: number[];
  isAcked: boolean;
  deliveriesAfterAck: number;
}

describe('any schedule of publishes, answers, deadlines and deletes', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('delivers every message until it is acked or dead-lettered, in no more than the maximum of attempts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 5, maxLength: 60, size: 'max' }),
        fc.array(pushAnswer, { minLength: 1, maxLength: 20 }),
        retryPolicy,
        async (steps, answers, policy) => {
          const run = startRun(answers, policy);

          for (const one of steps) await run.take(one);
          await run.drain();

          for (const [text, { attempts, isAcked, deliveriesAfterAck }] of run.fates()) {
            const isDeadLettered = run.deadLettered().has(text);
            const fate = { attempts, isAcked, isDeadLettered };
            expect({ text, broken: brokenPromises(fate, ATTEMPTS_MAX) }).toEqual({ text, broken: [] });
            // Pub/Sub does not promise this. The local one is exact unless it is asked for faults.
            expect(Math.max(0, ...attempts)).toBeLessThanOrEqual(ATTEMPTS_MAX);
            expect(deliveriesAfterAck).toBe(0);
          }
          expect(run.owed()).toBe(0);
          await run.stop();
          expect(vi.getTimerCount()).toBe(0);
        },
      ),
      { numRuns: 300 },
    );
  });
});

const startRun = (
  answers: readonly PushAnswer[],
  policy: { minimumBackoffMs: number; maximumBackoffMs: number } | undefined,
) => {
  const fates = new Map<string, Fate>();
  const deadLettered = new Set<string>();
  const leases: { readonly ackId: string; readonly fate: Fate; endsAtMs: number }[] = [];
  let published = 0;
  let pushes = 0;
  let deadLetterSubscriptions = 0;
  let isDraining = false;

  const fateOf = (text: string): Fate => {
    const fate = fates.get(text) ?? { attempts: [], isAcked: false, deliveriesAfterAck: 0 };
    fates.set(text, fate);
    return fate;
  };
  const onDelivery = (text: string, attempt: number): Fate => {
    const fate = fateOf(text);
    fate.attempts.push(attempt);
    if (fate.isAcked) fate.deliveriesAfterAck += 1;
    return fate;
  };

  const push: Push = ({ message, deliveryAttempt, timeoutMs, signal }) => {
    const fate = onDelivery(`push ${Buffer.from(message.data).toString()}`, deliveryAttempt ?? 0);
    const answer = isDraining ? { isAck: true, afterMs: 1 } : answers[pushes % answers.length];
    pushes += 1;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const isAck = answer?.isAck === true && answer.afterMs < timeoutMs;
    const timer = setTimeout(
      () => {
        if (isAck) fate.isAcked = true;
        resolve(isAck);
      },
      Math.min(answer?.afterMs ?? 0, timeoutMs),
    );
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve(false);
    });
    return promise;
  };

  const broker = testBroker({ push });
  const deadLetterPolicy = { topic: topicName('dead'), maxDeliveryAttempts: ATTEMPTS_MAX };
  const restoreDeadLetterTopic = (): void => {
    if (broker.topics().some(({ name }) => name === topicName('dead'))) return;
    deadLetterSubscriptions += 1;
    broker.createTopic({ name: topicName('dead'), labels: {} });
    broker.createSubscription(subscriptionSettings(`dead-${deadLetterSubscriptions}`, 'dead'));
  };
  broker.createTopic({ name: topicName('topic'), labels: {} });
  restoreDeadLetterTopic();
  const settings = { deadLetterPolicy, retryPolicy: policy };
  const pulled = broker.createSubscription(subscriptionSettings('pulled', 'topic', settings));
  broker.createSubscription(subscriptionSettings('pushed', 'topic', { ...settings, ...pushTo('http://x/') }));

  const pull = (count: number): number => {
    const request = { messagesMax: count, bytesMax: 1_000, isFirstExempt: true, deadlineMs: ACK_DEADLINE_MS };
    const deliveries = pulled.lease(request);
    for (const { ackId, message, attempt } of deliveries) {
      const fate = onDelivery(`pull ${Buffer.from(message.data).toString()}`, attempt);
      leases.unshift({ ackId, fate, endsAtMs: Date.now() + ACK_DEADLINE_MS });
    }
    return deliveries.length;
  };
  const ack = (lease: (typeof leases)[number] | undefined): void => {
    if (lease === undefined) return;
    if (Date.now() < lease.endsAtMs) lease.fate.isAcked = true;
    lease.endsAtMs = 0;
    pulled.acknowledge([lease.ackId]);
  };
  const nack = (lease: (typeof leases)[number] | undefined): void => {
    if (lease === undefined) return;
    lease.endsAtMs = 0;
    pulled.modifyAckDeadline([lease.ackId], 0);
  };

  const take = async (one: Step): Promise<void> => {
    switch (one.kind) {
      case 'publish':
        published += 1;
        fateOf(`pull ${published}`);
        fateOf(`push ${published}`);
        broker.publish(topicName('topic'), [newMessage(String(published))]);
        break;
      case 'pull':
        pull(one.count);
        break;
      case 'ack':
        ack(leases[one.index]);
        break;
      case 'nack':
        nack(leases[one.index]);
        break;
      case 'pullAndNackAll':
        pull(100);
        for (const lease of leases) nack(lease);
        break;
      case 'extend': {
        const lease = leases[one.index];
        if (lease === undefined) break;
        if (Date.now() < lease.endsAtMs) lease.endsAtMs = Date.now() + one.seconds * 1_000;
        pulled.modifyAckDeadline([lease.ackId], one.seconds);
        break;
      }
      case 'wait':
        await vi.advanceTimersByTimeAsync(one.ms);
        break;
      case 'loseDeadLetterTopic':
        if (broker.topics().some(({ name }) => name === topicName('dead')))
          broker.deleteTopic(topicName('dead'));
        break;
      case 'restoreDeadLetterTopic':
        restoreDeadLetterTopic();
        break;
    }
    await vi.advanceTimersByTimeAsync(0);
  };

  /** From here on everything is acked. Messages that are held back come within an hour. */
  const drain = async (): Promise<void> => {
    isDraining = true;
    restoreDeadLetterTopic();
    await vi.advanceTimersByTimeAsync(HOUR_MS);
    while (pull(100) > 0) for (const lease of leases) ack(lease);
    for (let nth = 1; nth <= deadLetterSubscriptions; nth += 1) collect(broker, `dead-${nth}`, deadLettered);
  };

  return {
    take,
    drain,
    fates: () => fates,
    deadLettered: () => deadLettered,
    owed: () => broker.subscriptions().reduce((sum, subscription) => sum + subscription.owed().messages, 0),
    stop: broker.stop,
  };
};

const collect = (broker: Broker, name: string, into: Set<string>): void => {
  const subscription: Subscription = broker.subscription(subscriptionName(name));
  const deliveries = subscription.lease({
    messagesMax: 1_000,
    bytesMax: 1e6,
    isFirstExempt: true,
    deadlineMs: 1_000,
  });
  for (const { ackId, message } of deliveries) {
    const source = message.attributes.CloudPubSubDeadLetterSourceSubscription;
    into.add(`${source === 'pulled' ? 'pull' : 'push'} ${Buffer.from(message.data).toString()}`);
    subscription.acknowledge([ackId]);
  }
};
