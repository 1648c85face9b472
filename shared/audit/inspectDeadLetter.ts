import type { DeadLetterRow, OrderRecord } from '../store/store.ts';
import { inspectOrder, type Violation } from './inspectOrder.ts';

interface DeadLetterFindings {
  /** A payment whose order has not come; computed from the facts, so it does not depend on what happened on the way. */
  readonly isOpen: boolean;
  readonly violations: readonly Violation[];
}

/**
 * What a dead letter says, held against the order that it is about.
 * @param record undefined where the dead letter names no order.
 */
export const inspectDeadLetter = (
  deadLetter: DeadLetterRow,
  record: OrderRecord | undefined,
): DeadLetterFindings => {
  const { reason, eventId, orderId, paymentId } = deadLetter;
  if (reason === 'invalid') return { isOpen: false, violations: [] };
  if (orderId === undefined) {
    const detail = `dead letter ${eventId} (${reason}) does not say which order it is about`;
    return { isOpen: false, violations: [{ invariant: 'I5', detail, orderId }] };
  }
  const entry = record?.ledger.find((row) => row.eventId === eventId);
  if (record === undefined || entry === undefined) {
    const detail = `payment ${paymentId} of order ${orderId} is dead-lettered (${reason}) but not in the ledger`;
    return {
      isOpen: false,
      violations: [{ invariant: reason === 'conflict' ? 'I6' : 'I1', detail, orderId }],
    };
  }
  if (reason === 'conflict') return { isOpen: false, violations: [] };

  const { orderExists } = inspectOrder(record);
  const isMarked = [deadLetter.matchedAtMs, deadLetter.redrivenAtMs, deadLetter.discardedAtMs].some(
    (markedAtMs) => markedAtMs !== undefined,
  );
  const detail = `the dead letter of payment ${paymentId} is open though its order ${orderId} is here`;
  return {
    isOpen: !orderExists,
    violations: orderExists && !isMarked ? [{ invariant: 'I3', detail, orderId }] : [],
  };
};

/** Every parked payment has a dead letter that says so. */
export const inspectParked = (
  { orderId, paymentId }: { readonly orderId: bigint; readonly paymentId: bigint },
  deadLetters: readonly DeadLetterRow[],
): readonly Violation[] =>
  deadLetters.some(({ reason }) => reason === 'unmatched')
    ? []
    : [
        {
          invariant: 'I1',
          detail: `payment ${paymentId} of order ${orderId} is parked without a dead letter`,
          orderId,
        },
      ];
