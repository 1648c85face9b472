import type { FindingReason } from '../domain/finding.ts';

/** The ids that an outcome is about, as far as the body could be read. */
export interface Subject {
  readonly orderId?: bigint | undefined;
  readonly paymentId?: bigint | undefined;
}

/** What the outcome line says about an accepted message, beside its outcome. */
interface AckDetails {
  /** The findings that it told. */
  readonly findings?: readonly FindingReason[];
  /** The reasons of the dead letters that it recorded. */
  readonly reason?: string;
  /** The producer's time was not believed: see `eventTimeOf`. */
  readonly isClockRefused?: boolean;
}

/** How a message ended. Only the push endpoint turns it into an answer to Pub/Sub. */
export type Settlement =
  /** Everything that the message says is durable (I2), so Pub/Sub may forget it. */
  | ({ readonly kind: 'ack'; readonly outcome: string; readonly subject: Subject } & AckDetails)
  /** Something outside the message failed. Pub/Sub delivers it again later. */
  | { readonly kind: 'retry'; readonly reason: string; readonly subject: Subject }
  /** It can never succeed. The endpoint tells that, and when it has been told, it acks. */
  | { readonly kind: 'reject'; readonly error: string; readonly subject: Subject };

/** @param outcome one word for the field `outcome` of the outcome line, such as `matched`. */
export const ack = (outcome: string, subject: Subject = {}, details: AckDetails = {}): Settlement => ({
  kind: 'ack',
  outcome,
  subject,
  ...details,
});

/** @param reason a few words for the field `reason` of the outcome line, such as `transient`. */
export const retry = (reason: string, subject: Subject = {}): Settlement => ({
  kind: 'retry',
  reason,
  subject,
});

/** @param error one sentence that says what was wrong. The dead letter and the log line carry it, masked. */
export const reject = (error: string, subject: Subject = {}): Settlement => ({
  kind: 'reject',
  error,
  subject,
});
