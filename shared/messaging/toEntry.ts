import { BODY_BYTES_MAX } from '../bodyText.ts';
import type { BodyCut, IncomingEvent } from '../domain/event.ts';
import { eventTimeOf } from '../domain/eventTime.ts';
import type { OrderEntry, PaymentEntry } from '../domain/ledgerEntry.ts';
import { MalformedBodyError, parseOrder, parsePayment, readSubject } from './parseMessage.ts';

/**
 * The entry of the ledger that an event becomes.
 * @throws MalformedBodyError when its body cannot be read as what its topic carries.
 */
export const toEntry = (event: IncomingEvent): OrderEntry | PaymentEntry => {
  if (event.cut !== undefined) throw new MalformedBodyError([tooLarge(event.cut)], readSubject(event.data));
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

const tooLarge = ({ bytes }: BodyCut): string =>
  bytes > BODY_BYTES_MAX
    ? `body: expected at most ${BODY_BYTES_MAX} bytes, got ${bytes}`
    : `body: expected at most ${BODY_BYTES_MAX} bytes of JSON, got ${bytes} bytes of gzip: they unpack to more,` +
      ' are damaged or packed twice, or lack the attribute content-encoding with the value gzip';
