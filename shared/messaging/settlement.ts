import type { DeadLetterReason } from '../domain/event.ts';

/** The ids that an outcome is about, as far as the body could be read. */
export interface Subject {
  readonly orderId?: bigint;
  readonly paymentId?: bigint;
}

/** How a message ended. Only the push endpoint turns it into an answer to Pub/Sub. */
export type Settlement =
  /** Everything that the message says is durable (I2), so Pub/Sub may forget it. */
  | { readonly kind: 'ack'; readonly outcome: string; readonly subject: Subject }
  /** Something outside the message failed. Pub/Sub delivers it again later. */
  | { readonly kind: 'retry'; readonly reason: string; readonly subject: Subject }
  /** The endpoint publishes it to the dead-letter topic. When Pub/Sub has confirmed that, it acks. */
  | {
      readonly kind: 'reject';
      readonly reason: DeadLetterReason;
      readonly error: string;
      readonly subject: Subject;
    };

/** @param outcome one word for the field `outcome` of the outcome line, such as `matched`. */
export const ack = (outcome: string, subject: Subject = {}): Settlement => ({
  kind: 'ack',
  outcome,
  subject,
});

/** @param reason a few words for the field `reason` of the outcome line, such as `transient`. */
export const retry = (reason: string, subject: Subject = {}): Settlement => ({
  kind: 'retry',
  reason,
  subject,
});

/** @param error one sentence that says what was wrong. The dead letter and the log line carry it, masked. */
export const reject = (reason: DeadLetterReason, error: string, subject: Subject = {}): Settlement => ({
  kind: 'reject',
  reason,
  error,
  subject,
});
