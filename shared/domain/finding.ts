/**
 * What the ledger of an order shows that a person must look at. `conflict`: more than one payment id was last
 * said to be paid. `changed`: one payment id has contradicting contents. `rivals`: two contents of the order
 * at its newest time. `too_many`: more than a thousand payment events, or versions of one time, or more than
 * can be read.
 */
export const FINDING_REASONS = ['conflict', 'changed', 'rivals', 'too_many'] as const;
export type FindingReason = (typeof FINDING_REASONS)[number];

export interface Finding {
  readonly reason: FindingReason;
  /**
   * What it is about, sorted: the payment ids of `conflict` and `changed`, the time of `rivals`. Together
   * with the order and the reason they identify the finding, so telling it again adds nothing.
   */
  readonly ids: readonly string[];
  /**
   * What a person who looks at it now sees of it: how much differs and since which erasure, or how often its
   * payments were said to be paid. When that changes, what has resolved it counts no more. Empty where
   * `ids` say it all.
   */
  readonly state: string;
  /** The events that take part in it. Each of them tells it, whichever comes last. */
  readonly eventIds: ReadonlySet<string>;
  /** The first publish time of the earliest event that it is about, in milliseconds since the epoch. */
  readonly sinceMs: number;
}
