import { paymentStatusOf } from '../../shared/domain/paymentStatus.ts';
import type { LedgerEntry } from '../../shared/domain/ledgerEntry.ts';

/** What an entry is, and what it says: `payment 9317` and `pending`. */
export const sayEntry = (entry: LedgerEntry): { readonly title: string; readonly says: string } => {
  if (entry.kind === 'payment') {
    const { paymentId, paymentStatus } = entry.payment;
    const status = paymentStatusOf(paymentStatus);
    return {
      title: `payment ${paymentId}`,
      says: status === 'unknown' ? `${paymentStatus}, a word that Tally does not know` : status,
    };
  }
  if (entry.kind === 'order') {
    const { item, quantity, price, orderStatus } = entry.order;
    return { title: 'order', says: `${item} × ${quantity}, ${price}, ${orderStatus}` };
  }
  const because = entry.because === '' ? '' : `: ${entry.because}`;
  return { title: `decision ${entry.decision}`, says: `by ${entry.decidedBy}${because}` };
};
