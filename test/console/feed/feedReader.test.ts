import { expect, it } from 'vitest';
import { createFeedReader } from '../../../console/feed/feedReader.ts';
import { type KeptMessage, newKeptMessage } from '../../../console/feed/keptMessages.ts';
import { mergeRows } from '../../../console/page/frame/mergeRows.ts';
import type { StreamRow } from '../../../console/contract.ts';

const retried = (eventId: string): KeptMessage => ({
  ...newKeptMessage({ messageId: eventId, topic: 'orders_data', publishedAtMs: 1, published: undefined }),
  eventId,
  outcome: 'retry',
  failed: 1,
});

it('tells the end of every message whose row the page has, also of one that came again', () => {
  const reader = createFeedReader({ text: '', topic: '', outcomes: ['retry'] }, [], () => ({
    calm: 1,
    others: 1,
  }));
  let rows: readonly StreamRow[] = [];
  const send = (message: KeptMessage): void => {
    reader.offer(message);
    rows = mergeRows(rows, reader.take().rows);
  };
  const sendOthers = (name: string, count: number): void => {
    for (let index = 0; index < count; index += 1) send(retried(`${name} ${index}`));
  };
  const message = retried('a');
  send(message);
  sendOthers('before', 300);
  message.failed = 2;
  send(message);
  sendOthers('after', 150);
  expect(rows.find(({ key }) => key === 'a')?.outcome).toBe('retry');

  Object.assign(message, { outcome: 'stored', ackedAtMs: 5 });
  send(message);

  expect(rows.find(({ key }) => key === 'a')?.outcome).toBe('stored');
});

it('says in its first frames whether more of what is kept follows', () => {
  const kept = Array.from({ length: 200 }, (_, index) => retried(`kept ${index}`));
  const reader = createFeedReader({ text: '', topic: '', outcomes: [] }, kept, () => ({
    calm: 1,
    others: 1,
  }));

  const first = reader.take();
  let all = first.rows.length;
  let last = first;
  while (last.isCatchingUp) {
    last = reader.take();
    all += last.rows.length;
  }

  expect(first.isCatchingUp).toBe(true);
  expect(all).toBe(200);
  expect(reader.take()).toEqual({ rows: [], isCatchingUp: false, unlisted: 0 });
});
