import { readSubject } from '../../shared/messaging/parseMessage.ts';
import type { Handler, Tell } from '../../shared/messaging/settleMessage.ts';
import { ack, reasonsOf } from '../../shared/messaging/settlement.ts';

interface OnDlqDeps {
  /** Accepts an order or a payment, and records what it tells. */
  readonly acceptEvent: Handler;
  /** Records dead letters. */
  readonly tell: Tell;
}

/**
 * Makes the handler of the dead-letter topics. What Tally dead-lettered is recorded. Everything else is a
 * message like any other: Pub/Sub forwarded it after too many attempts, or somebody published it without a
 * reason, as the reference does. The handler never publishes, so it can never send a message to itself.
 */
export const createOnDlq =
  ({ acceptEvent, tell }: OnDlqDeps): Handler =>
  async (event) => {
    if (event.carrier.kind !== 'dead-lettered') return acceptEvent(event);
    const { reports } = event.carrier;
    await tell(event, reports);
    return ack('recorded', readSubject(event.data), { reason: reasonsOf(reports) });
  };
