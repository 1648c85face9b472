import { describe, expect, it } from 'vitest';
import { judgeFailure } from '../../../../proof/simulation/plantedBugs/catchBug.ts';

const RETRIED = {
  promise: 'I7',
  detail: 'onOrder answered 503 to order 1, though none of its calls had failed',
} as const;
const CRASHED = { promise: 'bug', detail: 'an error was logged: TypeError' } as const;

describe('a planted bug', () => {
  it('is caught with the promise that it broke first', () => {
    const lost = { promise: 'I1', detail: 'order 1 is lost' } as const;

    expect(judgeFailure('a bug', { seed: 7, violations: [RETRIED, lost] })).toEqual({
      name: 'a bug',
      seed: 7,
      ...RETRIED,
    });
  });

  it.each([
    ['alone', [CRASHED]],
    ['before the retry that it causes', [CRASHED, RETRIED]],
    ['after another violation', [RETRIED, CRASHED]],
  ])('is not caught by a crash, %s', (_when, violations) => {
    expect(() => judgeFailure('a bug', { seed: 7, violations })).toThrow(
      'the planted bug "a bug" proves nothing, because it crashes the product with seed 7: an error was logged: TypeError',
    );
  });
});
