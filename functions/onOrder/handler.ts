import { assertNever } from '../../shared/errors.ts';
import { parseOrder } from '../../shared/messaging/parseMessage.ts';
import type { Handler } from '../../shared/messaging/pushEndpoint.ts';
import { ack } from '../../shared/messaging/settlement.ts';
import type { LedgerEntry, Store } from '../../shared/store/store.ts';
import { decide } from './decide.ts';

/** Marks that are written together; an order that was paid hundreds of times must still fit into the deadline. */
const MARKS_AT_ONCE = 32;

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
        await markMatched(decision.parked, { store, clock });
        return ack('matched', { orderId: order.orderId });
      default:
        return assertNever(decision);
    }
  };

const markMatched = async (
  parked: readonly LedgerEntry[],
  { store, clock }: Pick<OnOrderDeps, 'store' | 'clock'>,
): Promise<void> => {
  for (let first = 0; first < parked.length; first += MARKS_AT_ONCE) {
    const together = parked.slice(first, first + MARKS_AT_ONCE);
    await Promise.all(together.map((entry) => store.markMatched(entry, clock())));
  }
};
