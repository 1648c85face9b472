import type { Frame } from '../contract.ts';

/** How many messages of these subscriptions are not acked; null when one of them cannot be known. */
export const backlogOf = (
  { edges }: Pick<Frame, 'edges'>,
  subscriptions: readonly string[],
): number | null => {
  let sum = 0;
  for (const name of subscriptions) {
    const backlog = edges.subscriptions[name]?.backlog ?? null;
    if (backlog === null) return null;
    sum += backlog;
  }
  return sum;
};
