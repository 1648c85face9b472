import { describe, expect, it } from 'vitest';
import { createSuspicions, SUSPECTED_MAX } from '../../../console/sums/suspicions.ts';
import { IN_PROGRESS_MAX_MS } from '../../../shared/topology.ts';

/** So many orders, each with one sentence that a message on its way may still make right. */
const orders = (count: number, detail: string) =>
  Array.from({ length: count }, (_, index) => ({
    subject: { table: 'orders' as const, orderId: BigInt(index) },
    violations: [{ promise: 'I1' as const, detail, orderId: BigInt(index), mayBeInProgress: true }],
  }));

/** Runs one pass for each look, with enough time between two passes. Returns what each pass ends with. */
const passes = (...looks: readonly ReturnType<typeof orders>[]) => {
  const suspicions = createSuspicions();
  return looks.map((seen, index) => {
    const pass = suspicions.beginPass(0);
    for (const suspicion of seen) pass.add(suspicion, index * IN_PROGRESS_MAX_MS);
    return pass.end();
  });
};

describe('what a pass suspects', () => {
  it('is broken when the next pass sees it again', () => {
    expect(passes(orders(2, 'a'), orders(2, 'a'))).toEqual([
      { violations: 0, suspected: 2, isCut: false },
      { violations: 2, suspected: 0, isCut: false },
    ]);
  });

  it('is not broken when the next pass sees something else, of however many subjects', () => {
    expect(passes(orders(1_001, 'a'), orders(1_001, 'b'))[1]).toMatchObject({ violations: 0 });
  });

  it('is not broken before both looks have seen it, also when something else was seen of it before', () => {
    const [, , third] = passes(orders(1, 'a'), orders(1, 'b'), orders(1, 'b'));

    expect(third).toMatchObject({ violations: 1, suspected: 0 });
  });

  it('is kept up to a number, and of more it is said that there may be more', () => {
    const more = orders(SUSPECTED_MAX + 1, 'a');

    expect(passes(more, more)).toEqual([
      { violations: 0, suspected: SUSPECTED_MAX + 1, isCut: true },
      { violations: SUSPECTED_MAX, suspected: 1, isCut: true },
    ]);
  });
});
