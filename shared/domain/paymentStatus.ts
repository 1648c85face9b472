import { normalizeWord } from './normalizeWord.ts';

/** What a word in `payment_status` means for the order. */
export const PAYMENT_STATUSES = ['succeeded', 'refunded', 'pending', 'unknown', 'failed'] as const;
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

/**
 * The words of `payment_status`, by what they mean. The reference sends "Completed". The others are words
 * that payment providers use in their APIs. A payment that was refunded in part still pays for its order.
 */
const WORDS: Readonly<Record<Exclude<PaymentStatus, 'unknown'>, readonly string[]>> = {
  succeeded: [
    'completed',
    'complete',
    'succeeded',
    'success',
    'successful',
    'paid',
    'captured',
    'settled',
    'partially refunded',
  ],
  refunded: ['refunded', 'refund', 'reversed', 'charged back', 'chargeback'],
  pending: [
    'pending',
    'processing',
    'in progress',
    'authorized',
    'authorised',
    'created',
    'initiated',
    'submitted',
    'on hold',
    'requires action',
    'requires capture',
    'requires confirmation',
    'requires payment method',
  ],
  failed: [
    'failed',
    'failure',
    'declined',
    'denied',
    'rejected',
    'refused',
    'error',
    'expired',
    'voided',
    'canceled',
    'cancelled',
  ],
};

const STATUS_OF: ReadonlyMap<string, PaymentStatus> = new Map(
  PAYMENT_STATUSES.flatMap((status) =>
    status === 'unknown' ? [] : WORDS[status].map((word): [string, PaymentStatus] => [word, status]),
  ),
);

/**
 * What a word in `payment_status` means. Case does not matter, nor whether words are joined by spaces, dashes
 * or underscores. `'PARTIALLY_REFUNDED'` → `'succeeded'`; `'frozen'` → `'unknown'`.
 */
export const paymentStatusOf = (word: string): PaymentStatus =>
  STATUS_OF.get(normalizeWord(word)) ?? 'unknown';
