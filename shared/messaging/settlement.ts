import type { Report } from '../domain/deadLetter.ts';
import type { FindingReason } from '../domain/finding.ts';
import { assertNever } from '../errors.ts';

/** The ids that an outcome is about, as far as the body could be read. */
export interface Subject {
  readonly orderId?: bigint | undefined;
  readonly paymentId?: bigint | undefined;
}

/** Everything that the message says is durable (I2), so Pub/Sub may forget it. */
export interface Ack {
  readonly kind: 'ack';
  readonly outcome: string;
  readonly subject: Subject;
  /** The findings that it told. */
  readonly findings?: readonly FindingReason[];
  /** The reasons of all that it told, joined by commas. */
  readonly reason?: string;
  /** The producer's time was not believed: see `eventTimeOf`. */
  readonly isClockRefused?: boolean;
}

/** How a message ended. The endpoint or the worker turns it into an answer to Pub/Sub. */
export type Settlement =
  | Ack
  /** Something outside the message failed, or there is a bug. Pub/Sub delivers it again later. */
  | { readonly kind: 'retry'; readonly reason: string; readonly subject: Subject }
  /** It can never succeed, and that has been told. So Pub/Sub may forget it, too. */
  | { readonly kind: 'reject'; readonly error: string; readonly subject: Subject };

/**
 * @param outcome one word for the field `outcome` of the outcome line, such as `matched`.
 * @param details what the line says beside it.
 */
export const ack = (
  outcome: string,
  subject: Subject = {},
  details: Pick<Ack, 'findings' | 'reason' | 'isClockRefused'> = {},
): Ack => ({ kind: 'ack', outcome, subject, ...details });

/** The field `reason` of the outcome line of a message that told these. */
export const reasonsOf = (reports: readonly Report[]): string =>
  reports.map(({ reason }) => reason).join(',');

/** The one word for the field `outcome` of the outcome line, and for the span. */
export const outcomeOf = (settlement: Settlement): string => {
  switch (settlement.kind) {
    case 'ack':
      return settlement.outcome;
    case 'reject':
      return 'invalid';
    case 'retry':
      return 'retry';
    default:
      return assertNever(settlement);
  }
};
