/** The names of the small worlds. `smallWorld.ts` says which messages each has. */
export const SMALL_WORLD_NAMES = [
  'an order and its payment',
  'an order and a changed one',
  'an order and two payments',
  'an order and a payment that changes',
] as const;
export type SmallWorldName = (typeof SMALL_WORLD_NAMES)[number];
