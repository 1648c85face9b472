import { describe, expect, it } from 'vitest';
import { DEAD_LETTER_SHARDS, deadLetterKeyOf } from '../../../shared/domain/deadLetter.ts';
import { PUBLISHED_AT_MS } from '../../../proof/referenceMessages.ts';

describe('the key of an event’s dead letters', () => {
  it('is the UTC day of the first publish, and a shard from the ninth to sixteenth digit of its id, for ever', () => {
    const eventId = '0123456789abcdefffffffffffffffff';

    const key = deadLetterKeyOf({ eventId, publishedAtMs: PUBLISHED_AT_MS });

    expect(key).toEqual({ eventId, day: '2024-01-21', shard: 15 });
  });

  it('takes none of the digits that make the write time', () => {
    const keys = ['00000000', 'ffffffff'].map((start) =>
      deadLetterKeyOf({ eventId: `${start}0000000400000000ffffffff`, publishedAtMs: 0 }),
    );

    expect(keys.map(({ shard }) => shard)).toEqual([4, 4]);
  });

  it.each([
    ['the last millisecond of a day', '2024-02-29T23:59:59.999Z', '2024-02-29'],
    ['the first millisecond of a day', '2024-03-01T00:00:00.000Z', '2024-03-01'],
  ])('has the day of %s', (_what, time, day) => {
    const key = deadLetterKeyOf({ eventId: '0'.repeat(32), publishedAtMs: Date.parse(time) });

    expect(key.day).toBe(day);
  });

  it('uses every one of the sixteen shards', () => {
    const shards = Array.from(
      { length: 64 },
      (_, number) =>
        deadLetterKeyOf({ eventId: number.toString(16).padStart(16, '0').padEnd(32, '0'), publishedAtMs: 0 })
          .shard,
    );

    expect(DEAD_LETTER_SHARDS).toBe(16);
    expect(new Set(shards)).toEqual(new Set(Array.from({ length: 16 }, (_, shard) => shard)));
  });
});
