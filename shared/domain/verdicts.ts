import { paymentContent } from './content.ts';
import type { PaymentEntry } from './ledgerEntry.ts';
import { highestFirst } from './highestFirst.ts';
import { type PaymentStatus, paymentStatusOf } from './paymentStatus.ts';

/** Later in a payment's life is higher. It decides between words of the same time about one payment id. */
const LIFE: Readonly<Record<PaymentStatus, number>> = {
  unknown: 0,
  pending: 1,
  failed: 2,
  succeeded: 3,
  refunded: 4,
};

/** What says more about the order is higher. A declined attempt never hides a payment that succeeded. */
const WORTH: Readonly<Record<PaymentStatus, number>> = {
  failed: 0,
  unknown: 1,
  pending: 2,
  refunded: 3,
  succeeded: 4,
};

export const statusOf = ({ payment }: PaymentEntry): PaymentStatus => paymentStatusOf(payment.paymentStatus);

/** The entries of each payment id, ordered by payment id. */
export const groupByPaymentId = (payments: readonly PaymentEntry[]): readonly (readonly PaymentEntry[])[] =>
  [...Map.groupBy(payments, ({ payment }) => payment.paymentId)]
    .toSorted(([a], [b]) => (a > b ? 1 : -1))
    .map(([, entries]) => entries);

/**
 * All words about one payment id, the newest first. Of words with the same time, the later one in a payment's
 * life counts as the newer, then the contents decide, then the event ids.
 */
export const newestWords = (entries: readonly PaymentEntry[]): readonly PaymentEntry[] =>
  highestFirst(entries, (entry) => [
    entry.atMs,
    LIFE[statusOf(entry)],
    paymentContent(entry.payment),
    entry.eventId,
  ]);

/** The newest word of each payment id, ordered by payment id. */
export const verdictsOf = (payments: readonly PaymentEntry[]): readonly PaymentEntry[] =>
  groupByPaymentId(payments).flatMap((entries) => newestWords(entries).slice(0, 1));

/** The verdict that the row shows: the best one, then the newest. */
export const shownPayment = (verdicts: readonly PaymentEntry[]): PaymentEntry | undefined =>
  highestFirst(verdicts, (entry) => [
    WORTH[statusOf(entry)],
    entry.atMs,
    paymentContent(entry.payment),
    entry.payment.paymentId,
  ])[0];
