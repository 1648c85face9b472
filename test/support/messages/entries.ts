import type { DecisionEntry, OrderEntry, PaymentEntry } from '../../../shared/domain/ledgerEntry.ts';
import type { Order } from '../../../shared/domain/order.ts';
import type { Payment } from '../../../shared/domain/payment.ts';
import { order, payment, stamp } from './domain.ts';

/** What an entry has beside its contents. `atMs` is the publish time unless it is given. */
type Stamped = Partial<
  Pick<OrderEntry, 'eventId' | 'publishedAtMs' | 'atMs' | 'occurredAtMs' | 'isRedacted'>
>;

const messageOf = (number: number, changes: Stamped) => {
  const { eventId, publishedAtMs } = { ...stamp(number), ...changes };
  return {
    atMs: publishedAtMs,
    occurredAtMs: undefined,
    isRedacted: false,
    ...changes,
    eventId,
    publishedAtMs,
  };
};

/** The entry of `order()` with some changes, as the event of a number. */
export const orderEntry = (
  number: number,
  changes: Partial<Order> = {},
  stamped: Stamped = {},
): OrderEntry => {
  const whole = order(changes);
  return { kind: 'order', orderId: whole.orderId, order: whole, ...messageOf(number, stamped) };
};

/** The entry of `payment()` with some changes, as the event of a number. */
export const paymentEntry = (
  number: number,
  changes: Partial<Payment> = {},
  stamped: Stamped = {},
): PaymentEntry => {
  const whole = payment(changes);
  return { kind: 'payment', orderId: whole.orderId, payment: whole, ...messageOf(number, stamped) };
};

/** An operator's decision about order 1, as the event of a number. It is an erasure unless it says more. */
export const decisionEntry = (number: number, changes: Partial<DecisionEntry> = {}): DecisionEntry => {
  const { eventId, publishedAtMs } = { ...stamp(number), ...changes };
  return {
    kind: 'decision',
    orderId: 1n,
    atMs: publishedAtMs,
    decision: 'erased',
    ref: '',
    because: 'the customer asked for it',
    decidedBy: 'ann',
    ...changes,
    eventId,
    publishedAtMs,
  };
};
