import { assertNever } from '../../shared/errors.ts';
import { parseOrder } from '../../shared/messaging/parseMessage.ts';
import type { Handler } from '../../shared/messaging/pushEndpoint.ts';
import { ack } from '../../shared/messaging/settlement.ts';
import type { LedgerEntry, Store } from '../../shared/store/store.ts';
import { decide } from './decide.ts';

/** This many marks are written at once: one round of statements for each 32 parked payments. */
const MARKS_AT_ONCE = 32;

export interface OnOrderDeps {
  readonly store: Pick<Store, 'recordOrder' | 'findPayments' | 'attachPayments' | 'markMatched'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/**
 * Makes the handler that stores an order and then looks for payments that came before it. It writes first and
 * reads second. `onDlq` does the same with a payment. Both use LOCAL_QUORUM, so the one that acts second sees
 * what the first one wrote (I3).
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
