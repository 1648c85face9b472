import type { LookedAfter } from './healAndLook.ts';

/** What a heal wrote, and what it could not mend, as a sentence without its full stop. */
export const sayHealed = (
  orderId: bigint,
  { isKnown, problems, told, erased, left }: LookedAfter,
): string => {
  if (!isKnown) return `Order ${orderId} is unknown: it has no row and no event`;
  const mended = [
    ...problems.filter((problem) => !left.includes(problem)),
    ...told.map(({ error }) => `nobody was told: ${error}`),
    ...(erased === 0
      ? []
      : [`${erased} dead ${erased === 1 ? 'letter' : 'letters'} still had the payload of an erased order`]),
  ];
  const parts = [
    ...(mended.length === 0 ? [] : [`written again, because ${mended.join('; ')}`]),
    ...(left.length === 0 ? [] : [`still broken: ${left.join('; ')}`]),
  ];
  return `Order ${orderId}: ${parts.join(', and ') || 'nothing was missing'}`;
};
