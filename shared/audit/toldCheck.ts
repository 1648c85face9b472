import type { DeadLetterReason } from '../domain/deadLetter.ts';
import type { DeadLetterRow } from '../store/auditSource.ts';

interface Pair {
  readonly order_id: bigint;
  readonly payment_id: bigint;
}

/** What people must be told, by the ids of orders; `parked` by the payment that waits. */
interface ExpectedReports {
  readonly matched: readonly Pair[];
  readonly parked: readonly Pair[];
  readonly unpaid: readonly bigint[];
  readonly conflicts: readonly bigint[];
  readonly changed: readonly bigint[];
  readonly rivals: readonly bigint[];
}

interface ToldCheck {
  readonly sawDeadLetter: (row: DeadLetterRow) => void;
  /** What is not as expected, one sentence each. */
  readonly problems: () => readonly string[];
}

/**
 * Checks that people were told what they must be told about the orders of an expectation, and nothing else.
 * A payment may have been told as unmatched although its order came later, because it may have come first.
 */
export const createToldCheck = (expected: ExpectedReports): ToldCheck => {
  const { matched, parked, unpaid, conflicts, changed, rivals } = expected;
  const own = new Set([...[...matched, ...parked].map(({ order_id }) => order_id), ...unpaid]);
  const untold = new Map([
    ...parked.map(({ order_id, payment_id }) => {
      const report = `payment ${payment_id} waits for order ${order_id}`;
      return [waitingKey(order_id, payment_id), report] as const;
    }),
    ...conflicts.map((id) => [findingKey('conflict', id), `order ${id} was paid twice`] as const),
    ...changed.map((id) => [findingKey('changed', id), `a payment of order ${id} was changed`] as const),
    ...rivals.map((id) => [findingKey('rivals', id), `order ${id} has versions of the same time`] as const),
  ]);
  const allowed = new Set(untold.keys());
  const unexpected = new Set<string>();

  return {
    sawDeadLetter: ({ reason, orderId, paymentId }) => {
      if (reason === 'invalid' || orderId === undefined || !own.has(orderId)) return;
      const key = reason === 'unmatched' ? waitingKey(orderId, paymentId) : findingKey(reason, orderId);
      untold.delete(key);
      if (reason === 'unmatched' || allowed.has(key)) return;
      unexpected.add(`nobody should be told that order ${orderId} has the finding ${reason}`);
    },
    problems: () => [
      ...[...untold.values()].map((report) => `people should be told that ${report}`),
      ...unexpected,
    ],
  };
};

const findingKey = (reason: DeadLetterReason, orderId: bigint): string => `${reason} ${orderId}`;

const waitingKey = (orderId: bigint, paymentId: bigint | undefined): string => `${orderId} ${paymentId}`;
