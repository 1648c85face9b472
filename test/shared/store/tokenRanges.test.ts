import { describe, expect, it } from 'vitest';
import { tokenRanges } from '../../../shared/store/tokenRanges.ts';

describe('the ranges of the ring', () => {
  it.each([1, 2, 3, 16, 1_024])('are %i, and lie end to end without a gap', (count) => {
    const ranges = tokenRanges(count);

    expect(ranges).toHaveLength(count);
    expect(ranges[0]?.[0]).toBe(-(2n ** 63n));
    expect(ranges.at(-1)?.[1]).toBe(2n ** 63n - 1n);
    for (const [place, [after, upTo]] of ranges.entries()) {
      expect(after).toBeLessThan(upTo);
      expect(after).toBe(place === 0 ? after : ranges[place - 1]?.[1]);
    }
  });
});
