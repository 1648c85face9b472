import { describe, expect, it } from 'vitest';
import { chunks } from '../../../shared/audit/chunks.ts';

describe('chunks', () => {
  it.for<[string, number, number | undefined, readonly number[][]]>([
    ['end at their size', 2, undefined, [[1, 5], [1, 1], [9]]],
    [
      'end with the item that makes them heavy',
      10,
      6,
      [
        [1, 5],
        [1, 1, 9],
      ],
    ],
    ['have one item where each is heavy', 10, 1, [[1], [5], [1], [1], [9]]],
  ])('%s', async ([, size, weight, expected]) => {
    const limits = { size, ...(weight === undefined ? {} : { weight, weigh: (item: number) => item }) };

    expect(await Array.fromAsync(chunks([1, 5, 1, 1, 9], limits))).toEqual(expected);
  });

  it('of nothing are none', async () => {
    expect(await Array.fromAsync(chunks([], { size: 2 }))).toEqual([]);
  });
});
