import type { DeadLetterReason } from '../domain/event.ts';

/** The ids an outcome is about, as far as the body could be read. */
export interface Subject {
  readonly orderId?: bigint;
  readonly paymentId?: bigint;
}

/** What became of a message, and what Pub/Sub must be told. Only the push endpoint turns it into a status code. */
export type Settlement =
  /** Everything the message stands for is durable (I2): Pub/Sub forgets it. */
  | { readonly kind: 'ack'; readonly outcome: string; readonly subject: Subject }
  /** The world failed: Pub/Sub delivers it again, later. */
  | { readonly kind: 'retry'; readonly reason: string; readonly subject: Subject }
  /** Published to the dead-letter topic and confirmed there, then acked. */
  | {
      readonly kind: 'reject';
      readonly reason: DeadLetterReason;
      readonly error: string;
      readonly subject: Subject;
    };

export const ack = (outcome: string, subject: Subject = {}): Settlement => ({
  kind: 'ack',
  outcome,
  subject,
});

export const retry = (reason: string, subject: Subject = {}): Settlement => ({
  kind: 'retry',
  reason,
  subject,
});

export const reject = (reason: DeadLetterReason, error: string, subject: Subject = {}): Settlement => ({
  kind: 'reject',
  reason,
  error,
  subject,
});
