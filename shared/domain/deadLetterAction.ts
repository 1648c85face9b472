import type { DeadLetterReason } from './deadLetter.ts';

/**
 * What an operator did with a dead letter. `redriven`: its event was put back on its input topic. `edited`: a
 * corrected copy was published as a new event. `discarded`: nobody has to look at it any more. `erased`: its
 * payload was taken away, because it held a person's data.
 */
export const DEAD_LETTER_ACTION_KINDS = ['redriven', 'edited', 'discarded', 'erased'] as const;
export type DeadLetterActionKind = (typeof DEAD_LETTER_ACTION_KINDS)[number];

/** One thing that was done with one dead letter. It is never changed. */
export interface DeadLetterAction {
  readonly reason: DeadLetterReason;
  readonly kind: DeadLetterActionKind;
  /** Milliseconds since the epoch, on the operator's clock. */
  readonly actedAtMs: number;
  /** Of the command that did it. */
  readonly operationId: string;
  readonly operator: string;
  /** The operator's own words; empty when there are none. */
  readonly because: string;
  /** How often the event has been redriven, this time included. Undefined unless it was redriven. */
  readonly redrives: number | undefined;
  /** The id of the message that was published; empty when none was. */
  readonly detail: string;
}
