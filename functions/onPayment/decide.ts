import type { Payment } from '../../shared/domain/payment.ts';
import type { FactSummary, LedgerEntry } from '../../shared/store/store.ts';

type PaymentDecision =
  /** The order is here: show the payment on it. */
  | { readonly kind: 'match' }
  /** The order has another payment: keep both, and report it. */
  | { readonly kind: 'conflict'; readonly otherPaymentId: bigint }
  /** The order has not come yet, which is normal: `onDlq` parks the payment. */
  | { readonly kind: 'early' };

/**
 * Where a payment goes, given what is known of its order. It only routes: `onDlq` looks again after its own write.
 * @param kept the order's payments in the ledger, where the fact shows this one already: see `isShown`.
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
 * Whether the order shows this payment already. Then it was delivered before, and may have been stored as the newest of
 * two before its conflict could be reported: only the ledger still knows the other one.
 */
export const isShown = (payment: Payment, fact: FactSummary): boolean =>
  fact.orderExists && fact.paymentId === payment.paymentId;
