/** The worlds that are searched as a whole; `worlds.ts` says what is published in each. */
export const SMALL_WORLD_NAMES = [
  'an order and its payment',
  'an order and a changed one',
  'an order and two payments',
  'an order and a payment that changes',
] as const;
export type SmallWorldName = (typeof SMALL_WORLD_NAMES)[number];
