import { orderBytes } from '../../../proof/referenceMessages.ts';
import type { DeadLetter } from '../../../shared/domain/deadLetter.ts';
import { eventIdOf } from '../../../shared/messaging/eventIdOf.ts';
import { deadLetterOf } from '../messages/records.ts';

/** A command finds an id the sooner, the younger its dead letter is. */
const HOUR_AGO_MS = Date.now() - 3_600_000;

/** The dead letter of an order that was invalid, and that can be redriven. Each number has its own event. */
export const invalidLetter = (number: number, changes: Partial<DeadLetter> = {}): DeadLetter => {
  const publishedAtMs = HOUR_AGO_MS + number;
  const payload = changes.payload ?? orderBytes({ order_id: String(number) });
  const id = eventIdOf('orders_data', publishedAtMs, payload);
  return deadLetterOf(number, {
    id,
    toldBy: id,
    reason: 'invalid',
    error: 'price: expected a number',
    originTopic: 'orders_data',
    sinceMs: publishedAtMs,
    publishedAtMs,
    orderId: BigInt(number),
    paymentId: undefined,
    payload,
    payloadBytes: payload.byteLength,
    ...changes,
  });
};
