import type { Fold } from '../../shared/domain/fold.ts';
import type { PaymentStatus } from '../../shared/domain/paymentStatus.ts';
import { statusOf } from '../../shared/domain/verdicts.ts';
import type { OrderDetail } from '../contract.ts';

const DID: Readonly<Record<PaymentStatus, string>> = {
  succeeded: 'succeeded',
  refunded: 'was refunded',
  pending: 'is pending',
  unknown: 'has a word that Tally does not know',
  failed: 'failed',
};

/** Which payment the row shows, and why this one. Null while there is no order, or no payment. */
export const whyShown = ({ order, payment, verdicts }: Fold): OrderDetail['shown'] => {
  const shown = verdicts.find((entry) => entry.payment.paymentId === payment?.payment.paymentId);
  if (order === undefined || shown === undefined) return null;
  const alike = verdicts.filter((entry) => statusOf(entry) === statusOf(shown));
  const which = alike.length > 1 ? 'the newest' : 'the only one';
  const paymentId = shown.payment.paymentId.toString();
  return { paymentId, why: verdicts.length === 1 ? 'the only one' : `${which} that ${DID[statusOf(shown)]}` };
};
