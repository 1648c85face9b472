import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createFaults,
  createFaultSwitch,
  faultSettingsSchema,
  FAULTS_OFF,
} from '../../../local/pubsub/server/faults.ts';
import type { Push } from '../../../local/pubsub/server/httpPush.ts';
import { toSubscriptionResource } from '../../../local/pubsub/server/resources.ts';
import { StatusError } from '../../../local/pubsub/server/statusError.ts';
import type { Subscription } from '../../../local/pubsub/server/subscription.ts';
import { NO_WITNESS, type Witness } from '../../../local/pubsub/server/witness.ts';
import {
  newMessage,
  pushTo,
  subscriptionSettings,
  testBroker,
  topicName,
} from '../../support/pubsub/testBroker.ts';
import { type Delivery } from '../../../local/pubsub/server/message.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** The error that a call threw, or nothing. */
const errorOf = (call: () => unknown): unknown[] => {
  try {
    call();
    return [];
  } catch (error) {
    return [error];
  }
};

/** A topic with one subscription. */
const setUp = (
  options: Parameters<typeof testBroker>[0] = {},
  changes: Parameters<typeof subscriptionSettings>[2] = {},
) => {
  const broker = testBroker(options);
  broker.createTopic({ name: topicName('topic'), labels: {} });
  const subscription = broker.createSubscription(subscriptionSettings('subscription', 'topic', changes));
  const publish = (...texts: readonly string[]) => broker.publish(topicName('topic'), texts.map(newMessage));
  return { broker, subscription, publish };
};

const take = (subscription: Subscription, messagesMax = 10_000) =>
  subscription
    .lease({ messagesMax, bytesMax: 1e9, isFirstExempt: true, deadlineMs: 10_000 })
    .map((delivery) => ({ ...delivery, text: Buffer.from(delivery.message.data).toString() }));

const textsOf = (subscription: Subscription): string[] => take(subscription).map(({ text }) => text);

describe('what a subscription keeps', () => {
  it('is gone after the retention, and not before', async () => {
    const { subscription, publish } = setUp({}, { retentionSeconds: 600 });
    publish('old');
    await vi.advanceTimersByTimeAsync(300_000);
    publish('young');

    await vi.advanceTimersByTimeAsync(300_001);

    expect(textsOf(subscription)).toEqual(['young']);
  });

  it('gives its memory back even when nobody pulls', async () => {
    const { subscription, publish } = setUp({}, { retentionSeconds: 600 });
    publish('one', 'two', 'three');
    await vi.advanceTimersByTimeAsync(600_001);

    publish('four');

    expect(subscription.owed()).toEqual({ messages: 1, bytes: 4 });
  });

  it('is limited to a million messages: a publish beyond that is refused as a whole', () => {
    const { publish, subscription } = setUp();
    const thousand = Array.from({ length: 1_000 }, () => 'x');
    for (let round = 0; round < 1_000; round += 1) publish(...thousand);

    expect(() => publish('one too many')).toThrow('More than 1000000 messages');

    expect(subscription.owed().messages).toBe(1_000_000);
  });

  it('comes in the order of its publishes while nothing fails', () => {
    const { subscription, publish } = setUp();

    publish('one', 'two');
    publish('three');

    expect(textsOf(subscription)).toEqual(['one', 'two', 'three']);
  });
});

describe('a seek', () => {
  it('forgets what is ready, delivered or held back, and only what is older than its time', async () => {
    const retryPolicy = { minimumBackoffMs: 5_000, maximumBackoffMs: 5_000 };
    const { broker, subscription, publish } = setUp({}, { retryPolicy });
    publish('delivered', 'held back', 'ready');
    const two = { messagesMax: 2, bytesMax: 1e9, isFirstExempt: true, deadlineMs: 10_000 };
    const [delivered, heldBack] = subscription.lease(two);
    subscription.modifyAckDeadline([heldBack?.ackId ?? ''], 0);
    await vi.advanceTimersByTimeAsync(1_000);
    publish('younger');

    broker.seek(subscription.settings().name, Date.now());

    expect(subscription.owed()).toEqual({ messages: 1, bytes: 'younger'.length });
    subscription.modifyAckDeadline([delivered?.ackId ?? ''], 0);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(textsOf(subscription)).toEqual(['younger']);
  });

  it('forgets everything when the subscription is detached, and nothing comes after it', () => {
    const { broker, subscription, publish } = setUp();
    publish('before');

    broker.detachSubscription(subscription.settings().name);
    publish('after');

    expect(subscription.owed()).toEqual({ messages: 0, bytes: 0 });
  });

  it('also forgets a message that a fault lets the next one overtake', () => {
    const faults = { ...createFaults(FAULTS_OFF), isReordered: (key: string) => key === '1' };
    const { broker, subscription, publish } = setUp({ faults });
    publish('overtaken');

    broker.seek(subscription.settings().name, Date.now() + 1);
    publish('next');

    expect(textsOf(subscription)).toEqual(['next']);
    expect(subscription.owed()).toEqual({ messages: 1, bytes: 'next'.length });
  });
});

describe('a topic’s retention', () => {
  const setUpShort = () => {
    const made = setUp({}, { retentionSeconds: 600 });
    made.broker.updateTopic(topicName('topic'), { retentionSeconds: 7 * 86_400 });
    return made;
  };

  it('protects a message from the shorter one of its subscription, acked or not', async () => {
    const { broker, subscription, publish } = setUpShort();
    const beforeMs = Date.now();
    publish('acked', 'waits');
    subscription.acknowledge(take(subscription, 1).map(({ ackId }) => ackId));

    await vi.advanceTimersByTimeAsync(1_200_000);
    broker.seek(subscription.settings().name, beforeMs);

    expect(textsOf(subscription).toSorted()).toEqual(['acked', 'waits']);
  });

  it('is shown with its subscriptions, until the topic has none or is gone', () => {
    const { broker, subscription } = setUpShort();
    const later = broker.createSubscription(subscriptionSettings('later', 'topic'));
    const shown = () => [subscription, later].map(({ settings }) => toSubscriptionResource(settings()));
    const days = { topicMessageRetentionDuration: { seconds: 7 * 86_400, nanos: 0 } };

    expect(shown()).toEqual([expect.objectContaining(days), expect.objectContaining(days)]);
    broker.updateTopic(topicName('topic'), { retentionSeconds: undefined });
    expect(shown()).toEqual([expect.not.objectContaining(days), expect.not.objectContaining(days)]);
    broker.updateTopic(topicName('topic'), { retentionSeconds: 7 * 86_400 });
    broker.deleteTopic(topicName('topic'));
    expect(shown()).toEqual([expect.not.objectContaining(days), expect.not.objectContaining(days)]);
  });
});

describe('message ids', () => {
  it('are not those of an earlier server, whatever it has published', async () => {
    const first = setUp();
    const [last = ''] = first.publish(...Array.from({ length: 1_000 }, () => 'x')).slice(-1);
    await vi.advanceTimersByTimeAsync(1);

    const [next = '', second = ''] = setUp().publish('x', 'y');

    expect(Number(next)).toBeGreaterThan(Number(last));
    expect(Number(second) - Number(next)).toBe(1);
  });
});

describe('publish times', () => {
  it('never go back, even when the clock does', () => {
    const { subscription, publish } = setUp();
    vi.setSystemTime(1_800_000_000_000);
    publish('first');
    vi.setSystemTime(1_800_000_000_000 - DAY_MS);

    publish('second');

    expect(take(subscription).map(({ message }) => message.publishedAtMs)).toEqual([
      1_800_000_000_000, 1_800_000_000_000,
    ]);
  });
});

describe('push', () => {
  /** An endpoint that answers only when the test says so. */
  const manualPush = () => {
    const open: ((isAck: boolean) => void)[] = [];
    const push: Push = () => {
      const { promise, resolve } = Promise.withResolvers<boolean>();
      open.push(resolve);
      return promise;
    };
    const answerAll = async (isAck: boolean): Promise<number> => {
      const answered = open.splice(0);
      for (const resolve of answered) resolve(isAck);
      await vi.advanceTimersByTimeAsync(0);
      return answered.length;
    };
    return { push, open, answerAll };
  };
  const pushed = pushTo('http://endpoint/');
  const many = Array.from({ length: 1_000 }, (_, index) => `message ${index}`);

  it('starts slowly and doubles what is in flight with every round of acks, up to 512', async () => {
    const { push, answerAll } = manualPush();
    const { publish } = setUp({ push }, pushed);
    publish(...many);
    publish(...many);
    await vi.advanceTimersByTimeAsync(0);

    const rounds: number[] = [];
    for (let round = 0; round < 8; round += 1) rounds.push(await answerAll(true));

    expect(rounds).toEqual([8, 16, 32, 64, 128, 256, 512, 512]);
  });

  it('pauses the whole subscription after a nack, longer each time, and recovers with acks', async () => {
    const { push, open, answerAll } = manualPush();
    const { publish } = setUp({ push }, pushed);
    publish(...many);
    await vi.advanceTimersByTimeAsync(0);

    const pausesMs: number[] = [];
    for (let nacks = 0; nacks < 12; nacks += 1) {
      await answerAll(false);
      const pausedAt = Date.now();
      await vi.advanceTimersToNextTimerAsync();
      while (open.length === 0) await vi.advanceTimersToNextTimerAsync();
      pausesMs.push(Date.now() - pausedAt);
    }

    // From the minimum to the maximum, twice as long each time. A burst of nacks counts once.
    expect(pausesMs).toEqual([
      100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 51_200, 60_000, 60_000,
    ]);
    await answerAll(true);
    expect(open.length).toBeGreaterThan(0);
  });

  it('comes again when the endpoint is silent until the ack deadline, and counts one attempt', async () => {
    const { push, open, answerAll } = manualPush();
    const { subscription, publish, broker } = setUp({ push }, pushed);
    publish('x');
    await vi.advanceTimersByTimeAsync(0);

    // The lease is a second longer than the request’s timeout.
    await vi.advanceTimersByTimeAsync(11_000);

    expect(open).toHaveLength(2);
    broker.updateSubscription(subscription.settings().name, pushTo(''));
    await answerAll(false);
    expect(take(subscription).map(({ attempt }) => attempt)).toEqual([3]);
  });
});

describe('a subscription whose endpoint changes', () => {
  it('pushes to the new endpoint at once, even while the old one has not answered', async () => {
    const endpoints: string[] = [];
    const push: Push = ({ endpoint }) => {
      endpoints.push(endpoint);
      return new Promise(() => {});
    };
    const { broker, subscription, publish } = setUp({ push }, pushTo('http://old/'));
    publish(...Array.from({ length: 100 }, (_, index) => String(index)));
    await vi.advanceTimersByTimeAsync(0);

    broker.updateSubscription(subscription.settings().name, pushTo('http://new/'));
    await vi.advanceTimersByTimeAsync(0);

    expect(endpoints).toEqual([...Array(8).fill('http://old/'), ...Array(8).fill('http://new/')]);
  });
});

describe('a witness', () => {
  it('hears of every copy, and of each delivery until the message is acked or forwarded', async () => {
    const seen: string[] = [];
    const note =
      (what: string) =>
      (name: string, { message, attempt }: Delivery): void => {
        seen.push(`${name.slice(name.lastIndexOf('/') + 1)} ${what} ${message.nth} (${attempt})`);
      };
    const witness: Witness = {
      enqueued: (name, { nth }, copies) =>
        seen.push(`${name.slice(name.lastIndexOf('/') + 1)} enqueued ${nth} (${copies})`),
      leased: note('leased'),
      acked: note('acked'),
      nacked: note('nacked'),
      forwarded: (name, { nth }) => seen.push(`${name.slice(name.lastIndexOf('/') + 1)} forwarded ${nth}`),
      dropped: () => {},
      unclaimed: () => {},
    };
    const broker = testBroker({ witness });
    broker.createTopic({ name: topicName('topic'), labels: {} });
    broker.createTopic({ name: topicName('dead'), labels: {} });
    const deadLetterPolicy = { topic: topicName('dead'), maxDeliveryAttempts: 5 };
    const input = broker.createSubscription(subscriptionSettings('input', 'topic', { deadLetterPolicy }));
    broker.createSubscription(subscriptionSettings('dead', 'dead'));

    broker.publish(topicName('topic'), ['one', 'two'].map(newMessage));
    input.acknowledge(take(input).flatMap(({ text, ackId }) => (text === 'one' ? [ackId] : [])));
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      input.modifyAckDeadline(
        [...take(input)].map(({ ackId }) => ackId),
        0,
      );
      await vi.advanceTimersByTimeAsync(10_000);
    }

    expect(seen).toEqual([
      'input enqueued 1 (1)',
      'input enqueued 2 (1)',
      'input leased 1 (1)',
      'input leased 2 (1)',
      'input acked 1 (1)',
      'input nacked 2 (1)',
      ...[2, 3, 4].flatMap((attempt) => [`input leased 2 (${attempt})`, `input nacked 2 (${attempt})`]),
      'input leased 2 (5)',
      'input nacked 2 (5)',
      'dead enqueued 3 (1)',
      'input forwarded 2',
    ]);
  });
});

/** One more than production takes. */
const MANY = Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`k${n}`, '']));

it.for<[string, () => unknown]>([
  ['65 labels', () => setUp({}, { labels: MANY })],
  ['a capital in a key', () => setUp({}, { labels: { Team: 'pay' } })],
  ['a digit first in a key', () => setUp({}, { labels: { '1st': 'pay' } })],
  ['a key of 64 characters', () => setUp({}, { labels: { ['k'.repeat(64)]: 'pay' } })],
  ['a space in a value', () => setUp({}, { labels: { team: 'the pay' } })],
  [
    'a capital in a key of a topic',
    () => testBroker().createTopic({ name: topicName('topic'), labels: { Team: '' } }),
  ],
  ['an expiration after an hour', () => setUp({}, { expirationTtlSeconds: 3_600 })],
])('refuses what production refuses: %s', ([, make]) => {
  expect(make).toThrow(expect.objectContaining({ code: status.INVALID_ARGUMENT }));
});

it('takes what production takes of labels and expirations', () => {
  setUp({}, { labels: { team: 'pay', 'größe_1-x': '2026-11', ['k'.repeat(63)]: 'v'.repeat(63), empty: '' } });
  setUp({}, { expirationTtlSeconds: 86_400 });
});

describe('a witness of messages that nobody acks any more', () => {
  it.for<[string, (broker: ReturnType<typeof testBroker>, name: string) => unknown]>([
    ['a seek', (broker, name) => broker.seek(name, Date.now() + 1)],
    ['the end of the retention', () => vi.advanceTimersByTime(8 * DAY_MS)],
    ['a detached subscription', (broker, name) => broker.detachSubscription(name)],
    ['a deleted subscription', (broker, name) => broker.deleteSubscription(name)],
  ])('hears of each that is forgotten by %s, delivered or not', async ([, forget]) => {
    const dropped: number[] = [];
    const witness: Witness = {
      ...NO_WITNESS,
      dropped: (_, { nth }) => dropped.push(nth),
    };
    const broker = testBroker({ witness });
    broker.createTopic({ name: topicName('topic'), labels: {} });
    const input = broker.createSubscription(subscriptionSettings('input', 'topic'));
    broker.publish(topicName('topic'), ['one', 'two', 'three'].map(newMessage));
    const [first, second] = take(input, 2);
    input.acknowledge([first?.ackId ?? '']);

    await forget(broker, input.settings().name);
    input.owed();

    expect(second?.text).toBe('two');
    expect(dropped.toSorted((a, b) => a - b)).toEqual([2, 3]);
  });
});

describe('a witness of a topic that has no subscription', () => {
  it('hears of each message that the topic takes and forgets', async () => {
    const unclaimed: string[] = [];
    const witness: Witness = {
      ...NO_WITNESS,
      unclaimed: (topic, { nth }) => unclaimed.push(`${topic} ${nth}`),
    };
    const broker = testBroker({ witness });
    broker.createTopic({ name: topicName('topic'), labels: {} });
    broker.publish(topicName('topic'), [newMessage('one')]);
    const input = broker.createSubscription(subscriptionSettings('input', 'topic'));
    broker.publish(topicName('topic'), [newMessage('two')]);
    broker.detachSubscription(input.settings().name);
    broker.publish(topicName('topic'), [newMessage('three')]);

    expect(unclaimed).toEqual([`${topicName('topic')} 1`, `${topicName('topic')} 3`]);
  });
});

describe('a stopped broker', () => {
  it('refuses a publish, and says that it stops', async () => {
    const { broker, publish } = setUp();

    await broker.stop();

    expect(() => publish('late')).toThrow('The server is stopping.');
  });
});

describe('faults', () => {
  const faults = (settings: object) => createFaults(faultSettingsSchema.parse({ seed: 7, ...settings }));
  const many = Array.from({ length: 1_000 }, (_, index) => String(index));

  it('deliver twice: each copy has to be acked', () => {
    const { subscription, publish } = setUp({ faults: faults({ duplicated: 0.1 }) });
    publish(...many);

    const texts = textsOf(subscription);

    expect(new Set(texts).size).toBe(1_000);
    expect(texts.length).toBeGreaterThan(1_050);
    expect(texts.length).toBeLessThan(1_150);
  });

  it('delay some by up to the given time, and lose none', async () => {
    const { subscription, publish } = setUp({ faults: faults({ delayed: 0.5, delayMs: 2_000 }) });
    publish(...many);

    const atOnce = textsOf(subscription);
    await vi.advanceTimersByTimeAsync(2_000);
    const later = textsOf(subscription);

    expect(atOnce.length).toBeGreaterThan(400);
    expect(atOnce.length).toBeLessThan(600);
    expect(new Set([...atOnce, ...later]).size).toBe(1_000);
  });

  it('reorder: others overtake, none is lost', async () => {
    const { subscription, publish } = setUp({ faults: faults({ reordered: 0.3 }) });
    publish(...many);

    const atOnce = textsOf(subscription);
    await vi.advanceTimersByTimeAsync(1_000);
    const texts = [...atOnce, ...textsOf(subscription)];

    expect(texts).not.toEqual(many);
    expect(texts.toSorted((a, b) => Number(a) - Number(b))).toEqual(many);
  });

  it('lose acks: the messages come again at their deadline', async () => {
    const { subscription, publish } = setUp({ faults: faults({ acksLost: 0.2 }) });
    publish(...many);

    subscription.acknowledge(take(subscription).map(({ ackId }) => ackId));
    await vi.advanceTimersByTimeAsync(10_000);

    expect(take(subscription).length).toBeGreaterThan(150);
    expect(subscription.owed().messages).toBeLessThan(250);
  });

  it('fail publishes, before or after all was accepted, and say so', () => {
    const outcomes = (settings: object) => {
      const { subscription, publish } = setUp({ faults: faults(settings) });
      const errors = many.flatMap((text) => errorOf(() => publish(text)));
      expect(errors.every((error) => error instanceof StatusError && error.code === status.UNAVAILABLE)).toBe(
        true,
      );
      return { failures: errors.length, accepted: textsOf(subscription).length };
    };

    const refused = outcomes({ publishesRefused: 0.1 });
    const unconfirmed = outcomes({ publishesUnconfirmed: 0.1 });

    expect(refused.failures).toBeGreaterThan(50);
    expect(refused.accepted).toBe(1_000 - refused.failures);
    expect(unconfirmed.failures).toBeGreaterThan(50);
    expect(unconfirmed.accepted).toBe(1_000);
  });

  it('stop pushing for a while', async () => {
    let pushes = 0;
    const push: Push = async () => {
      pushes += 1;
      return true;
    };
    const { publish } = setUp(
      { push, faults: faults({ pushPauses: 0.1, pauseMs: 5_000 }) },
      pushTo('http://endpoint/'),
    );
    publish(...many);

    await vi.advanceTimersByTimeAsync(4_999);
    const before = pushes;
    await vi.advanceTimersByTimeAsync(DAY_MS / 24);

    expect(before).toBeLessThan(500);
    expect(pushes).toBe(1_000);
  });

  it('can be changed while the server runs, for what comes after', () => {
    const duplicated = (share: number) => faultSettingsSchema.parse({ duplicated: share });
    const { faults: switched, set, settings } = createFaultSwitch();
    const { subscription, publish } = setUp({ faults: switched });
    const countAfter = (share: number): number => {
      set(duplicated(share));
      publish(...many);
      return textsOf(subscription).length;
    };

    expect(settings()).toEqual(FAULTS_OFF);
    expect(countAfter(0)).toBe(1_000);
    expect(countAfter(0.5)).toBeGreaterThan(1_300);
    expect(settings()).toEqual(duplicated(0.5));
    expect(countAfter(0)).toBe(1_000);
  });

  it('are counted, each by its name, through every change of the settings', () => {
    const { faults: switched, set, hits } = createFaultSwitch();
    const decide = () =>
      many.map((key) => [
        switched.isDuplicated(key),
        switched.delayMs(key) > 0,
        switched.isReordered(key),
        switched.isAckLost(key),
        switched.publishFailure(key) === 'refused',
        switched.publishFailure(`again ${key}`) === 'unconfirmed',
        switched.pauseMs(key) > 0,
      ]);
    const countOf = (column: number, decided: ReturnType<typeof decide>) =>
      decided.filter((decisions) => decisions[column]).length;
    decide();
    const before = hits();

    set(faultSettingsSchema.parse({ duplicated: 0.1, delayed: 0.2, acksLost: 0.4 }));
    const first = decide();
    set(faultSettingsSchema.parse({ reordered: 0.3, pushPauses: 0.5 }));
    const second = decide();

    expect(Object.values(before)).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(hits()).toEqual({
      duplicated: countOf(0, first),
      delayed: countOf(1, first),
      reordered: countOf(2, second),
      acksLost: countOf(3, first),
      publishesRefused: 0,
      publishesUnconfirmed: 0,
      pushPauses: countOf(6, second),
    });
    expect(Object.values(hits()).filter((count) => count === 0)).toHaveLength(2);
  });

  it('are the same for the same seed, whatever the timing, and others for another one', () => {
    const decisions = (seed: number) => {
      const { isDuplicated, delayMs, isAckLost } = faults({
        seed,
        duplicated: 0.5,
        delayed: 0.5,
        acksLost: 0.5,
      });
      return many.map((key) => [isDuplicated(key), delayMs(key), isAckLost(key)]);
    };

    expect(decisions(7)).toEqual(decisions(7));
    expect(decisions(8)).not.toEqual(decisions(7));
  });

  it('are off unless asked for, and every mistake in asking is said at once', () => {
    expect(faultSettingsSchema.parse({})).toMatchObject({ duplicated: 0, acksLost: 0, publishesRefused: 0 });

    const { error } = faultSettingsSchema.safeParse({ duplicated: 1, delayMs: 0, dupes: 0.1 });

    expect(error?.issues.map(({ path }) => path.join('.')).toSorted()).toEqual(['', 'delayMs', 'duplicated']);
  });
});
