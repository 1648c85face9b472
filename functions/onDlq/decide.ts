import type { IncomingEvent } from '../../shared/domain/event.ts';
import { assertNever } from '../../shared/errors.ts';

type DlqDecision =
  /** A payment that waits for its order. */
  | { readonly kind: 'park'; readonly error: string }
  /** An order, for example one that Pub/Sub forwarded in an outage. It is handled like any order. */
  | { readonly kind: 'order' }
  /** The dead letter is final. It is kept so that a person can look at it. */
  | { readonly kind: 'invalid' | 'conflict'; readonly error: string };

/** Decides what to do with a message on a dead-letter topic, from its carrier and its first topic. */
export const decide = ({ carrier, origin }: Pick<IncomingEvent, 'carrier' | 'origin'>): DlqDecision => {
  switch (carrier.kind) {
    case 'dead-lettered':
      if (carrier.reason === 'invalid') return { kind: 'invalid', error: carrier.error };
      // Only payments can conflict, so an order with this reason is handled as an order.
      if (carrier.reason === 'conflict' && origin === 'payments_data') {
        return { kind: 'conflict', error: carrier.error };
      }
      return unjoined(origin, carrier.error);
    case 'forwarded':
      return unjoined(origin, 'forwarded by Pub/Sub after too many delivery attempts');
    case 'bare':
    case 'input':
      return unjoined(origin, 'published without a reason');
    default:
      return assertNever(carrier);
  }
};

const unjoined = (origin: IncomingEvent['origin'], error: string): DlqDecision =>
  origin === 'payments_data' ? { kind: 'park', error } : { kind: 'order' };
