import { describe, expect, it } from 'vitest';
import type { EventStamp } from '../../../shared/domain/event.ts';
import { newest } from '../../../shared/domain/newest.ts';

/**
 * An event whose write time is `microseconds`: below a thousand, its id's first eight digits are the
 * microseconds.
 */
const at = (microseconds: number, tail = '0'): EventStamp => ({
  eventId: (microseconds % 1_000).toString(16).padStart(8, '0') + tail.repeat(24),
  publishedAtMs: Math.floor(microseconds / 1_000),
});

describe('the newest events', () => {
  it.each([
    ['nothing, of nothing', [], []],
    ['the only one', [at(5)], [at(5)]],
    ['the only one, of the first microsecond of all', [at(0)], [at(0)]],
    ['the last one', [at(1_000), at(1_001)], [at(1_001)]],
    ['the last one, read first', [at(1_001), at(1_000)], [at(1_001)]],
    ['the one in the middle', [at(7), at(1_001), at(1_000)], [at(1_001)]],
    [
      'both of a tie, in the order in which they were read',
      [at(9, 'b'), at(8), at(9, 'a')],
      [at(9, 'b'), at(9, 'a')],
    ],
  ])('are %s', (_what, events, expected) => {
    expect(newest(events)).toEqual(expected);
  });
});
