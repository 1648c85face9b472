import type { IncomingEvent } from '../domain/event.ts';
import { eventTimeOf } from '../domain/eventTime.ts';
import type { OrderEntry, PaymentEntry } from '../domain/ledgerEntry.ts';
import { parseOrder, parsePayment } from './parseMessage.ts';

/**
 * The entry of the ledger that an event becomes.
 * @throws MalformedBodyError when its body cannot be read as what its topic carries.
 */
export const toEntry = (event: IncomingEvent): OrderEntry | PaymentEntry => {
  if (event.origin === 'orders_data') {
    const { order, occurredAtMs } = parseOrder(event.data);
    return { kind: 'order', order, orderId: order.orderId, ...stampOf(event, occurredAtMs) };
  }
  const { payment, occurredAtMs } = parsePayment(event.data);
  return { kind: 'payment', payment, orderId: payment.orderId, ...stampOf(event, occurredAtMs) };
};

const stampOf = (
  { eventId, publishedAtMs, isRedacted }: IncomingEvent,
  occurredAtMs: number | undefined,
) => ({
  eventId,
  publishedAtMs,
  atMs: eventTimeOf(occurredAtMs, publishedAtMs),
  occurredAtMs,
  isRedacted,
});
