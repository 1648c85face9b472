import { describe, expect, it } from 'vitest';
import {
  DEAD_LETTER_REASONS,
  DEAD_LETTER_SHARDS,
  deadLetterKeyOf,
  isFoundByLedger,
  monthOf,
  monthsOf,
} from '../../../shared/domain/deadLetter.ts';
import { PUBLISHED_AT_MS } from '../../support/messages/domain.ts';

describe('the key of a report', () => {
  it('is the UTC day since which it stands, and a shard from eight digits of its id, for ever', () => {
    const id = '01234567000003ff0123456789abcdef';

    expect(deadLetterKeyOf({ id, sinceMs: PUBLISHED_AT_MS })).toEqual({
      id,
      day: '2024-01-21',
      shard: 1_023,
    });
  });

  it('takes its shard from the ninth to sixteenth digit', () => {
    const ids = [`ffffffff${'0'.repeat(24)}`, '0000000000000401ffffffffffffffff'];

    expect(ids.map((id) => deadLetterKeyOf({ id, sinceMs: 0 }).shard)).toEqual([0, 1]);
  });

  it.each([
    ['the last millisecond of a day', '2024-02-29T23:59:59.999Z', '2024-02-29'],
    ['the first millisecond of a day', '2024-03-01T00:00:00.000Z', '2024-03-01'],
  ])('has the day of %s', (_what, time, day) => {
    expect(deadLetterKeyOf({ id: '0'.repeat(32), sinceMs: Date.parse(time) }).day).toBe(day);
  });

  it('uses every one of the 1,024 shards', () => {
    const shards = Array.from(
      { length: 2_048 },
      (_, number) =>
        deadLetterKeyOf({ id: number.toString(16).padStart(16, '0').padEnd(32, '0'), sinceMs: 0 }).shard,
    );

    expect(DEAD_LETTER_SHARDS).toBe(1_024);
    expect(new Set(shards).size).toBe(1_024);
  });
});

describe('the reasons of a dead letter', () => {
  it('are those of a message, and those of a finding', () => {
    expect(DEAD_LETTER_REASONS).toEqual([
      'invalid',
      'unmatched',
      'conflict',
      'changed',
      'rivals',
      'too_many',
    ]);
  });
});

describe('the month of a dead letter', () => {
  it.each([
    ['2026-11-24', 202_611],
    ['2024-01-01', 202_401],
    ['1999-12-31', 201_501],
  ])('of %s is %i', (day, month) => {
    expect(monthOf(day)).toBe(month);
  });

  it('is each one of a span, over the turn of a year, the latest first', () => {
    const months = monthsOf(Date.parse('2025-11-30T23:59:59Z'), Date.parse('2026-02-01T00:00:00Z'));

    expect(months).toEqual([202_602, 202_601, 202_512, 202_511]);
  });
});

describe('a dead letter that the ledger leads to', () => {
  it('is that of an early payment, and no other', () => {
    expect(DEAD_LETTER_REASONS.filter((reason) => isFoundByLedger({ reason }))).toEqual(['unmatched']);
  });
});
