import { describe, expect, it } from 'vitest';
import { EVERYTHING, isSampled, nextSampling, sampleBits } from '../../../console/feed/nextSampling.ts';

describe('how rows are sampled', () => {
  it.each([
    [5, 1, { calm: 1, others: 1 }],
    [216, 3, { calm: 32, others: 1 }],
    [2_000, 40, { calm: 256, others: 1 }],
    [2_000, 500, { calm: 256, others: 16 }],
  ])('at %i calm and %i others a second', (calm, others, expected) => {
    expect(nextSampling(EVERYTHING, { calm, others })).toEqual(expected);
  });

  it('lists about eight calm rows a second, whatever the rate is', () => {
    for (let perSecond = 20; perSecond < 100_000; perSecond *= 1.3) {
      const { calm } = nextSampling(EVERYTHING, { calm: perSecond, others: 0 });

      expect(perSecond / calm).toBeGreaterThan(3.9);
      expect(perSecond / calm).toBeLessThan(12.1);
    }
  });

  it('stays as it is while the rate moves a little', () => {
    const now = { calm: 32, others: 1 };

    expect(nextSampling(now, { calm: 300, others: 0 })).toEqual(now);
    expect(nextSampling(now, { calm: 120, others: 0 })).toEqual(now);
  });

  it('ends when the traffic ends', () => {
    expect(nextSampling({ calm: 256, others: 16 }, { calm: 0, others: 0 })).toEqual(EVERYTHING);
  });
});

it('takes all of a message or nothing of it, and one in so many', () => {
  const ids = Array.from({ length: 4_096 }, (_, index) => index.toString(16).padStart(32, '0'));

  const listed = ids.filter((id) => isSampled(sampleBits(id), 32));

  expect(listed).toHaveLength(128);
  // A larger share takes a part of the same ones.
  expect(ids.filter((id) => isSampled(sampleBits(id), 64)).every((id) => listed.includes(id))).toBe(true);
});
