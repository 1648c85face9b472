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
  /** `onOrder`'s own handler, for orders that Pub/Sub forwarded. */
  readonly handleOrder: Handler;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** Parks early payments and records what is final. It never publishes, so it cannot feed itself. */
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

/** Write, then read: both writes are acknowledged before the order is looked for (I3, see `onOrder`). */
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
 * Recorded, and joined like any parked payment, whoever says that it is a conflict: `onPayment` has kept its own before it
 * published them, but a look at the ledger would not tell those from what an earlier delivery left half done.
 */
const keepConflict = async (deps: OnDlqDeps, event: IncomingEvent, error: string): Promise<Settlement> => {
  const payment = parsePayment(event.data);
  const { orderId, paymentId } = payment;
  await Promise.all([
    record(deps, event, 'conflict', error, { orderId, paymentId }),
    park(deps, event, payment, error),
  ]);
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

/** The ids in an invalid message's body, where they can be read; an unreadable body is what made it final. */
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
