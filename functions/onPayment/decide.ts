import type { Payment } from '../../shared/domain/payment.ts';
import type { FactSummary } from '../../shared/store/store.ts';

export type PaymentDecision =
  /** The order is here: show the payment on it. */
  | { readonly kind: 'match' }
  /** The order shows another payment: keep both, and report it. */
  | { readonly kind: 'conflict'; readonly shownPaymentId: bigint }
  /** The order has not come yet, which is normal: `onDlq` parks the payment. */
  | { readonly kind: 'early' };

/** Where a payment goes, given what is known of its order. It only routes: `onDlq` looks again after its own write. */
export const decide = (payment: Payment, fact: FactSummary): PaymentDecision => {
  if (!fact.orderExists) return { kind: 'early' };
  return fact.paymentId === undefined || fact.paymentId === payment.paymentId
    ? { kind: 'match' }
    : { kind: 'conflict', shownPaymentId: fact.paymentId };
};
