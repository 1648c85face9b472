import type { Sampling } from '../contract.ts';

/** So many rows of each kind are wanted a second. A person cannot read more. */
const CALM_PER_SECOND = 8;
const OTHERS_PER_SECOND = 40;
/** A share changes only when its rows are this far off, so that it does not change to and fro. */
const SLACK = 1.5;
/** Event ids have 128 bits. More than these are never needed. */
const SHARE_MAX = 2 ** 20;

export const EVERYTHING: Sampling = { calm: 1, others: 1 };

/**
 * One in how many rows is listed from now on. `{ calm: 216, others: 3 }` a second → `{ calm: 32, others: 1
 * }`.
 */
export const nextSampling = (
  now: Sampling,
  perSecond: { readonly calm: number; readonly others: number },
): Sampling => ({
  calm: nextShare(now.calm, perSecond.calm, CALM_PER_SECOND),
  others: nextShare(now.others, perSecond.others, OTHERS_PER_SECOND),
});

const nextShare = (share: number, perSecond: number, wanted: number): number => {
  const isTooMany = perSecond / share > wanted * SLACK;
  const isTooFew = share > 1 && perSecond / (share / 2) < wanted / SLACK;
  if (!isTooMany && !isTooFew) return share;
  return Math.min(SHARE_MAX, 2 ** Math.max(0, Math.ceil(Math.log2(perSecond / wanted))));
};

/** The number in an event id that decides. `'…0a20'` → the low 24 bits. */
export const sampleBits = (eventId: string): number => Number.parseInt(eventId.slice(-6), 16);

/** All of a message is in, or nothing of it, on every connection. @param share a power of two. */
export const isSampled = (bits: number, share: number): boolean => (bits & (share - 1)) === 0;
