import type { Replica, StoredRow } from './cassandra/replica.ts';
import { valueIn } from './isDeadLetterOf.ts';
import { PLACES, QUORUM } from './oracle.ts';
import type { Checks } from './world.ts';

/**
 * I1: a dead letter that is on some replica is found by its order, in every quorum. Else an erasure that
 * begins now, or after a crash, would leave a person's data in it. The ledger gives the place of one about an
 * early payment.
 */
export const checkPlace = (
  replicas: readonly Replica[],
  written: StoredRow,
  violated: Checks['violated'],
): void => {
  const orderId = valueIn(written, 'order_id');
  const reason = String(valueIn(written, 'reason'));
  if (orderId === undefined || reason === 'unmatched') return;
  const place = written.keys.join();
  const holders = replicas.filter((replica) =>
    // Its key is the order, the month, and the key of the dead letter.
    replica.rows(PLACES).some(({ keys }) => keys[0] === orderId && keys.slice(2).join() === place),
  );
  if (holders.length < QUORUM) {
    violated('I1', `a dead letter (${reason}) is not found by its order ${String(orderId)}`);
  }
};
