import { assertNever } from '../../shared/errors.ts';
import { parseOrder } from '../../shared/messaging/parseMessage.ts';
import type { Handler } from '../../shared/messaging/pushEndpoint.ts';
import { ack } from '../../shared/messaging/settlement.ts';
import type { Store } from '../../shared/store/store.ts';
import { decide } from './decide.ts';

export interface OnOrderDeps {
  readonly store: Pick<Store, 'recordOrder' | 'findPayments' | 'attachPayments' | 'markMatched'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/**
 * Stores an order, then looks for payments that came before it. Write, then read: `onDlq` does the same from its side,
 * so with LOCAL_QUORUM on both, whichever acts second sees the first (I3).
 */
export const createOnOrder =
  ({ store, clock }: OnOrderDeps): Handler =>
  async (event) => {
    const order = parseOrder(event.data);
    await store.recordOrder(order, event);
    const decision = decide(await store.findPayments(order.orderId));

    switch (decision.kind) {
      case 'wait':
        return ack('stored', { orderId: order.orderId });
      case 'attach':
        await store.attachPayments(decision.payments);
        for (const entry of decision.parked) await store.markMatched(entry, clock());
        return ack('matched', { orderId: order.orderId });
      default:
        return assertNever(decision);
    }
  };
