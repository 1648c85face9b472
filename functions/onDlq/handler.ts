import type { DeadLetterReason, IncomingEvent } from '../../shared/domain/event.ts';
import type { Payment } from '../../shared/domain/payment.ts';
import { assertNever, PermanentError } from '../../shared/errors.ts';
import { parseOrder, parsePayment } from '../../shared/messaging/parseMessage.ts';
import type { Handler } from '../../shared/messaging/pushEndpoint.ts';
import { ack, type Settlement, type Subject } from '../../shared/messaging/settlement.ts';
import type { Store } from '../../shared/store/store.ts';
import { decide } from './decide.ts';

export interface OnDlqDeps {
  readonly store: Pick<
    Store,
    'parkPayment' | 'recordDeadLetter' | 'findFact' | 'attachPayments' | 'markMatched'
  >;
  /** The handler of `onOrder`. It handles the orders that Pub/Sub forwarded. */
  readonly handleOrder: Handler;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/**
 * Makes the handler that parks early payments and records final dead letters. It never publishes, so it can
 * never send a message to itself.
 */
export const createOnDlq = (deps: OnDlqDeps): Handler => {
  const { handleOrder } = deps;

  return async (event) => {
    const decision = decide(event);
    try {
      switch (decision.kind) {
        case 'park':
          return await park(deps, event, parsePayment(event.data), decision.error);
        case 'order':
          return await handleOrder(event);
        case 'conflict':
          return await keepConflict(deps, event, decision.error);
        case 'invalid': {
          const subject = subjectOf(event);
          await record(deps, event, 'invalid', decision.error, subject);
          return ack('invalid', subject);
        }
        default:
          return assertNever(decision);
      }
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
      await record(deps, event, 'invalid', error.message, {});
      return ack('invalid');
    }
  };
};

/** Writes, then reads: it looks for the order only after both writes are acknowledged (I3, see `onOrder`). */
const park = async (
  deps: OnDlqDeps,
  event: IncomingEvent,
  payment: Payment,
  error: string,
): Promise<Settlement> => {
  const { store, clock } = deps;
  const { orderId, paymentId } = payment;
  await Promise.all([
    store.parkPayment(payment, event),
    record(deps, event, 'unmatched', error, { orderId, paymentId }),
  ]);

  const fact = await store.findFact(orderId);
  if (!fact.orderExists) return ack('parked', { orderId, paymentId });
  const { eventId, publishedAtMs } = event;
  await store.attachPayments([{ payment, eventId, publishedAtMs, isParked: true }]);
  await store.markMatched(event, clock());
  return ack('matched', { orderId, paymentId });
};

/**
 * Records the conflict, and also parks its payment. `onPayment` stores a payment before it publishes the
 * conflict, but another publisher may not. The ledger does not tell which of them it was, because an entry
 * may come from an earlier delivery to `onDlq` that stopped half way.
 */
const keepConflict = async (deps: OnDlqDeps, event: IncomingEvent, error: string): Promise<Settlement> => {
  const payment = parsePayment(event.data);
  const { orderId, paymentId } = payment;
  await record(deps, event, 'conflict', error, { orderId, paymentId });
  await park(deps, event, payment, error);
  return ack('conflict', { orderId, paymentId });
};

const record = (
  { store, clock }: OnDlqDeps,
  event: IncomingEvent,
  reason: DeadLetterReason,
  error: string,
  { orderId, paymentId }: Subject,
): Promise<void> =>
  store.recordDeadLetter({
    eventId: event.eventId,
    publishedAtMs: event.publishedAtMs,
    reason,
    error,
    originTopic: event.origin,
    originMessageId: event.originMessageId,
    recordedAtMs: clock(),
    payload: event.data,
    isRedacted: event.isRedacted,
    redriveCount: event.redriveCount,
    orderId,
    paymentId,
  });

/** Reads the ids of an invalid message. It finds none if the body cannot be read, the usual fault. */
const subjectOf = ({ data, origin }: IncomingEvent): Subject => {
  try {
    if (origin === 'orders_data') return { orderId: parseOrder(data).orderId };
    const { orderId, paymentId } = parsePayment(data);
    return { orderId, paymentId };
  } catch (error) {
    if (error instanceof PermanentError) return {};
    throw error;
  }
};
