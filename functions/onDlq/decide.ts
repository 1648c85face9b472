import type { IncomingEvent } from '../../shared/domain/event.ts';
import { assertNever } from '../../shared/errors.ts';

type DlqDecision =
  /** A payment that waits for its order. */
  | { readonly kind: 'park'; readonly error: string }
  /** An order that came here in an outage: handled as if it had come the usual way. */
  | { readonly kind: 'order' }
  /** Final: kept for a person to look at. */
  | { readonly kind: 'invalid' | 'conflict'; readonly error: string };

/** What a message on a dead-letter topic is, from how it came. */
export const decide = ({ carrier, origin }: Pick<IncomingEvent, 'carrier' | 'origin'>): DlqDecision => {
  switch (carrier.kind) {
    case 'dead-lettered':
      if (carrier.reason === 'invalid') return { kind: 'invalid', error: carrier.error };
      // Only payments conflict: an order that says so is an order.
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
