import { expect, it } from 'vitest';
import type { HistoryLine } from '../../../../../console/deadLetterContract.ts';
import { sayHistory } from '../../../../../console/page/views/deadLetters/sayHistory.ts';

const line = (changes: Partial<HistoryLine>): HistoryLine => ({
  startedAtMs: 0,
  tookMs: 1,
  action: 'dlq redrive',
  operator: 'ann',
  said: 'reason unmatched, state open, since 2026-11-29T00:00:00.000Z, until 2026-11-29T01:44:43.586Z',
  because: '',
  result: '20 messages sent, 0 not',
  ...changes,
});

it.each([
  [{}, 'redriven reason unmatched, state open. 20 messages sent, 0 not'],
  [
    { result: null },
    'redriven reason unmatched, state open. It runs, it died, or its end could not be written',
  ],
  [
    {
      action: 'dlq discard',
      said: `id ${'0123456789abcdef'.repeat(2)}`,
      because: 'load test',
      result: '1 dead letter discarded',
    },
    'discarded id 01234567: “load test”. 1 dead letter discarded',
  ],
  [{ action: 'retention set', said: '', result: 'done' }, 'retention set . done'],
])('says what was done: %j', (changes, said) => {
  expect(sayHistory(line(changes))).toBe(said);
});
