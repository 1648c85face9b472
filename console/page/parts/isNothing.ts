import type { Sum } from '../../contract.ts';

/** Whether nothing was counted. A total that is not known is not the sum of its terms, so both are asked. */
export const isNothing = (sums: readonly Sum[]): boolean =>
  sums.every(({ total, terms }) => (total ?? 0) === 0 && terms.every(({ count }) => count === 0));
