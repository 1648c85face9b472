import type { Payment } from '../../shared/domain/payment.ts';
import type { FactSummary, LedgerEntry } from '../../shared/store/store.ts';

type PaymentDecision =
  /** The order is here. Show the payment on it. */
  | { readonly kind: 'match' }
  /** The order has another payment. Keep both, and report the conflict. */
  | { readonly kind: 'conflict'; readonly otherPaymentId: bigint }
  /** The order has not come yet. This is normal, and `onDlq` parks the payment. */
  | { readonly kind: 'early' };

/**
 * Decides where a payment goes, from what the store knows about its order. A wrong "early" does no harm,
 * because `onDlq` looks for the order again after it has parked the payment.
 * @param kept the order's payments in the ledger, if the fact already shows this payment (see `isShown`).
 * Otherwise an empty list.
 */
export const decide = (
  payment: Payment,
  fact: FactSummary,
  kept: readonly LedgerEntry[],
): PaymentDecision => {
  if (!fact.orderExists) return { kind: 'early' };
  const ids = [fact.paymentId, ...kept.map((entry) => entry.payment.paymentId)];
  const otherPaymentId = ids.find((id) => id !== undefined && id !== payment.paymentId);
  return otherPaymentId === undefined ? { kind: 'match' } : { kind: 'conflict', otherPaymentId };
};

/**
 * Returns whether the order already shows this payment. If so, the payment was delivered before. That
 * delivery may have stored it over another payment and then failed to report the conflict. Only the ledger
 * still has the other payment.
 */
export const isShown = (payment: Payment, fact: FactSummary): boolean =>
  fact.orderExists && fact.paymentId === payment.paymentId;
