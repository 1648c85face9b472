import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PublishedMessage } from '../../../../local/pubsub/server/message.ts';
import { createRetained } from '../../../../local/pubsub/server/retained.ts';
import { newMessage, subscriptionSettings, topicName } from '../../../support/pubsub/testBroker.ts';

const NOW = 1_800_000_000_000;
const topic = topicName('topic');
const OF_TOPIC = { topicRetentionSeconds: 3_600 };
const plain = { settings: subscriptionSettings('s', 'topic', OF_TOPIC), createdAtMs: NOW };

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

let lastId = 0;
const published = (text: string, agoSeconds = 0): PublishedMessage => ({
  ...newMessage(text),
  messageId: String((lastId += 1)),
  nth: lastId,
  publishedAtMs: NOW - agoSeconds * 1_000,
});
const textsOf = (messages: readonly PublishedMessage[]): string[] =>
  messages.map(({ data }) => Buffer.from(data).toString());

describe('what stays after it is acked', () => {
  it('is at most so many messages: the oldest is forgotten for a new one', () => {
    const retained = createRetained({ messages: 2, bytes: 1_000 });

    for (const text of ['one', 'two', 'three']) retained.add(topic, published(text));

    expect(textsOf(retained.since(0, plain))).toEqual(['two', 'three']);
  });

  it('is at most so many bytes, over all topics', () => {
    const retained = createRetained({ messages: 100, bytes: 8 });

    retained.add(topicName('other'), published('12345'));
    retained.add(topic, published('abc'));
    retained.add(topic, published('defgh'));

    expect(textsOf(retained.since(0, plain))).toEqual(['abc', 'defgh']);
    retained.add(topic, published('larger than all'));
    expect(retained.since(0, plain)).toEqual([]);
  });

  it('is what is younger than the topic’s retention, and not older than the time of the seek', () => {
    const retained = createRetained();
    for (const ago of [3_601, 1_800, 60]) retained.add(topic, published(String(ago), ago));

    expect(textsOf(retained.since(0, plain))).toEqual(['1800', '60']);
    expect(textsOf(retained.since(NOW - 60_000, plain))).toEqual(['60']);
    expect(retained.since(0, { ...plain, settings: subscriptionSettings('s', 'topic') })).toEqual([]);
  });

  it('is of a subscription’s own life and retention, where the subscription retains and the topic does not', () => {
    const retained = createRetained();
    const settings = subscriptionSettings('s', 'topic', { retainAckedMessages: true, retentionSeconds: 600 });
    for (const ago of [700, 500, 60]) retained.add(topic, published(String(ago), ago));
    const since = (createdAtMs: number, ofTopic = {}) =>
      textsOf(retained.since(0, { settings: { ...settings, ...ofTopic }, createdAtMs }));

    expect(since(NOW - 1_000_000)).toEqual(['500', '60']);
    expect(since(NOW - 100_000)).toEqual(['60']);
    expect(since(NOW - 100_000, OF_TOPIC)).toEqual(['700', '500', '60']);
  });

  it('is forgotten with its topic', () => {
    const retained = createRetained({ messages: 2, bytes: 1_000 });
    retained.add(topic, published('gone'));

    retained.forget(topic);

    expect(retained.since(0, plain)).toEqual([]);
  });
});
