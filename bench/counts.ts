import type { Arrivals } from './startPushHandler.ts';

/** How many messages were sent and how many came. Unlike times, these numbers are exact. */
export interface Counts {
  readonly published: number;
  readonly pushes: number;
  readonly distinct: number;
  readonly duplicates: number;
  readonly lost: number;
}

export const countsOf = (published: number, { pushes, distinct }: Arrivals): Counts => ({
  published,
  pushes,
  distinct,
  duplicates: pushes - distinct,
  lost: published - distinct,
});

export const sumOf = (all: readonly Counts[]): Counts => {
  const sum = (valueOf: (counts: Counts) => number): number =>
    all.map(valueOf).reduce((total, value) => total + value, 0);
  return {
    published: sum(({ published }) => published),
    pushes: sum(({ pushes }) => pushes),
    distinct: sum(({ distinct }) => distinct),
    duplicates: sum(({ duplicates }) => duplicates),
    lost: sum(({ lost }) => lost),
  };
};
