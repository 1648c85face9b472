import { assertNever } from '../../shared/errors.ts';
import { parsePayment } from '../../shared/messaging/parseMessage.ts';
import type { Handler } from '../../shared/messaging/pushEndpoint.ts';
import { ack, reject } from '../../shared/messaging/settlement.ts';
import type { Store } from '../../shared/store/store.ts';
import { decide, isShown } from './decide.ts';

export interface OnPaymentDeps {
  readonly store: Pick<Store, 'findFact' | 'findPayments' | 'recordPayment'>;
}

/**
 * Makes the handler that joins a payment to its order. It rejects an early payment, so the payment goes to
 * the dead-letter topic and `onDlq` parks it. It never retries an early payment, because each nack makes
 * Pub/Sub slow down the whole subscription: https://cloud.google.com/pubsub/docs/push#push_backoff
 */
export const createOnPayment =
  ({ store }: OnPaymentDeps): Handler =>
  async (event) => {
    const payment = parsePayment(event.data);
    const { orderId, paymentId } = payment;
    const fact = await store.findFact(orderId);
    const kept = isShown(payment, fact) ? await store.findPayments(orderId) : [];
    const decision = decide(payment, fact, kept);

    switch (decision.kind) {
      case 'match':
        await store.recordPayment(payment, event);
        return ack('matched', { orderId, paymentId });
      case 'conflict': {
        await store.recordPayment(payment, event);
        const { otherPaymentId } = decision;
        const error = `order ${orderId} has payment ${otherPaymentId}; payment ${paymentId} is kept beside it`;
        return reject('conflict', error, { orderId, paymentId });
      }
      case 'early':
        return reject('unmatched', `order ${orderId} has not come yet`, { orderId, paymentId });
      default:
        return assertNever(decision);
    }
  };
