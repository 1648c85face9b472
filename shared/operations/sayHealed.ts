import type { Healed } from './heal.ts';

/** What a heal wrote, as a sentence without its full stop. */
export const sayHealed = (orderId: bigint, { isKnown, isFolded, problems, told, erased }: Healed): string => {
  if (!isKnown) return `Order ${orderId} is unknown: it has no row and no event`;
  if (!isFolded) return `Order ${orderId}: its ledger is too long to be read, so nothing was written`;
  const parts = [
    ...problems,
    ...told.map(({ error }) => `nobody was told: ${error}`),
    ...(erased === 0
      ? []
      : [`${erased} dead ${erased === 1 ? 'letter' : 'letters'} still had the payload of an erased order`]),
  ];
  return parts.length === 0
    ? `Order ${orderId}: nothing was missing`
    : `Order ${orderId}: written again, because ${parts.join('; ')}`;
};
