import type { Sums } from '../contract.ts';

/** A count that was cut says how many there are at least; and nothing, when it is zero. */
export const violationsOf = (
  count: number | null,
  isCut = false,
): Pick<Sums, 'violations' | 'areViolationsCut'> => ({
  violations: isCut && count === 0 ? null : count,
  areViolationsCut: isCut && count !== 0,
});
