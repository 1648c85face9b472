/** The promises that an audit of the tables can find broken. `docs/guarantees.md` explains each of them. */
export type PromiseName = 'I1' | 'I3' | 'I4' | 'I5' | 'I6';

/** A promise that the rows of one order, or a dead letter, do not keep. */
export interface Violation {
  readonly promise: PromiseName;
  /** One sentence with the ids in it, for the person who has to look into it. */
  readonly detail: string;
  readonly orderId: bigint | undefined;
  /**
   * A message on its way may still make it right: one look cannot tell. When it is false, no message that is
   * half handled looks like this.
   */
  readonly mayBeInProgress: boolean;
}

interface Looks {
  readonly first: readonly Pick<Violation, 'detail'>[];
  readonly last: readonly Violation[];
  /** The time between the two looks. */
  readonly apartMs: number;
  /** How long a message may be on its way: see `IN_PROGRESS_MAX_MS`. */
  readonly inProgressMs: number;
}

/**
 * Tells what is broken from what may be in progress. Broken is what can never be in progress, and what both
 * looks saw when they lie further apart than a message may be on its way. Pure.
 */
export const judge = ({ first, last, apartMs, inProgressMs }: Looks) => {
  const seenFirst = new Set(first.map(({ detail }) => detail));
  const isBroken = ({ mayBeInProgress, detail }: Violation): boolean =>
    !mayBeInProgress || (apartMs >= inProgressMs && seenFirst.has(detail));
  return { broken: last.filter(isBroken), suspected: last.filter((violation) => !isBroken(violation)) };
};
