import { expect, it } from 'vitest';
import { createKeptMessages, type KeptMessage, newKeptMessage } from '../../../console/feed/keptMessages.ts';

const message = (messageId: string, bytes = 10): KeptMessage =>
  newKeptMessage({
    messageId,
    topic: 'orders_data',
    publishedAtMs: 1,
    published: { data: new Uint8Array(bytes), attributes: {} },
  });

it('keeps the newest messages only', () => {
  const kept = createKeptMessages({ messages: 3, payloadBytes: 1_000 });
  for (const id of ['1', '2', '3', '4']) kept.name(withAdded(kept, message(id)), `event ${id}`, 0);

  expect([...kept.all()].map(({ messageId }) => messageId)).toEqual(['2', '3', '4']);
  expect(kept.byMessage('1')).toBeUndefined();
  expect(kept.byEvent('event 1')).toBeUndefined();
});

it('forgets the oldest payloads first, and keeps the messages', () => {
  const kept = createKeptMessages({ messages: 10, payloadBytes: 25 });
  const all = ['1', '2', '3'].map((id) => withAdded(kept, message(id, 10)));

  expect(all.map(({ published }) => published !== undefined)).toEqual([false, true, true]);
  expect([...kept.all()]).toHaveLength(3);
});

it('keeps no payload that is larger than all that may be kept', () => {
  const kept = createKeptMessages({ messages: 10, payloadBytes: 25 });

  expect(withAdded(kept, message('1', 100)).published).toBeUndefined();
});

it('makes two messages of one event one', () => {
  const kept = createKeptMessages({ messages: 10, payloadBytes: 1_000 });
  const first = kept.name(withAdded(kept, message('1')), 'event', 0);
  const second = withAdded(kept, message('2'));
  second.failed = 1;

  const named = kept.name(second, 'event', 0);

  expect(named).toBe(first);
  expect(kept.byMessage('2')).toBe(first);
  expect(first.failed).toBe(1);
  expect([...kept.all()]).toEqual([first]);
});

const withAdded = (kept: ReturnType<typeof createKeptMessages>, one: KeptMessage): KeptMessage => {
  kept.add(one);
  return one;
};
