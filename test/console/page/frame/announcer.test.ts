import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createAnnouncer } from '../../../../console/page/frame/announcer.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('a screen reader is told at most one sentence in 5 s, and always the last one', () => {
  const said: string[] = [];
  const { announce } = createAnnouncer((sentence) => said.push(sentence));

  announce('Not live.');
  announce('Cassandra is away.');
  announce('Live again.');
  expect(said).toEqual(['Not live.']);

  vi.advanceTimersByTime(5_000);
  expect(said).toEqual(['Not live.', 'Live again.']);

  vi.advanceTimersByTime(60_000);
  announce('Sent.');
  expect(said.at(-1)).toBe('Sent.');
});
