import type { DeadLetterRow, OrderRecord } from '../store/store.ts';
import { inspectOrder, type Violation } from './inspectOrder.ts';

interface DeadLetterFindings {
  /** True when the payment's order has not arrived. The order's row decides that, not a mark. */
  readonly isOpen: boolean;
  readonly violations: readonly Violation[];
}

/**
 * Compares a dead letter with the order that it is about. Pure.
 * @param record the rows of that order; undefined when the dead letter names no order.
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

/**
 * Checks that a parked payment has an `unmatched` dead letter.
 * @param deadLetters all dead letters of the payment's event.
 * @returns one violation of I1 when there is none, else no violation.
 */
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
