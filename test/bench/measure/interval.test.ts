import { describe, expect, it } from 'vitest';
import { intervalOf, ratioOf } from '../../../bench/measure/interval.ts';

describe('the interval of repeated measurements', () => {
  it.each([
    [[1, 2, 9], { value: 2, low: 1, high: 9 }],
    [[1, 3], { value: 2, low: 1, high: 3 }],
    [[5, 5, 5, 5], { value: 5, low: 5, high: 5 }],
  ])('of %j is %j', (values, expected) => {
    expect(intervalOf(values)).toEqual(expected);
  });

  it('is narrower than the whole spread when there are many', () => {
    const { value, low, high } = intervalOf(Array.from({ length: 101 }, (_, index) => index));

    expect(value).toBe(50);
    expect(low).toBeGreaterThan(30);
    expect(high).toBeLessThan(70);
  });

  it('is the same every time', () => {
    const values = [3, 1, 4, 1, 5, 9, 2, 6];

    expect(intervalOf(values)).toEqual(intervalOf(values));
  });

  it('of a ratio compares the measurements of one round', () => {
    // Each round is twice as slow as the one before, for both.
    expect(ratioOf([10, 20, 40], [5, 10, 20])).toEqual({ value: 2, low: 2, high: 2 });
  });
});
