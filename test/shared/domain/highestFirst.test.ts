import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { highestFirst } from '../../../shared/domain/highestFirst.ts';

describe('items sorted by a key', () => {
  it.each([
    ['nothing', [], []],
    ['by the first value', [[1], [3], [2]], [[3], [2], [1]]],
    [
      'by the second value when the first is equal',
      [
        [1, 'a'],
        [1, 'b'],
      ],
      [
        [1, 'b'],
        [1, 'a'],
      ],
    ],
    [
      'by the first value, however large the second is',
      [
        [1, 9],
        [2, 0],
      ],
      [
        [2, 0],
        [1, 9],
      ],
    ],
    ['with whole numbers beyond 2^53', [[2n ** 60n], [2n ** 60n + 1n]], [[2n ** 60n + 1n], [2n ** 60n]]],
  ] as const)('are sorted: %s', (_what, items, expected) => {
    expect(highestFirst([...items], (item) => [...item])).toEqual(expected);
  });

  it('keep their order when their keys are equal', () => {
    const items = [{ name: 'first' }, { name: 'second' }];

    expect(highestFirst(items, () => [1, 'x'])).toEqual(items);
  });

  it('do not change the list that was given', () => {
    const items = [1, 2];

    highestFirst(items, (item) => [item]);

    expect(items).toEqual([1, 2]);
  });

  it('come out the same from any order, when no two keys are equal', () => {
    const keys = fc.uniqueArray(fc.tuple(fc.nat(3), fc.string({ maxLength: 2 })), { selector: String });

    fc.assert(
      fc.property(keys, (items) => {
        const sorted = highestFirst(items, (item) => item);
        expect(highestFirst(items.toReversed(), (item) => item)).toEqual(sorted);
      }),
    );
  });
});
