import type { DeadLetterReason } from '../domain/event.ts';
import type { OrderFindings } from './inspectOrder.ts';

/** The most entries in each list of a report. The counts beside the lists are always complete. */
export const LISTED_MAX = 1_000;

interface PaymentIds {
  readonly orderId: bigint;
  readonly paymentId: bigint;
}

interface ParkedPayment extends PaymentIds {
  /** Seconds since it was published. */
  readonly ageSeconds: number;
}

/** What the tables hold. */
export interface AuditCounts {
  readonly orders: number;
  /** Orders that have arrived and show a payment. */
  readonly paid: number;
  /** Orders that have arrived and show no payment. */
  readonly unpaid: number;
  /** Payments in the ledger. Each pair of an order id and a payment id counts once. */
  readonly payments: number;
  /** Payments whose order has arrived. */
  readonly matched: number;
  /** Payments that wait for their order. */
  readonly parked: number;
  /** The parked payments, oldest first. */
  readonly parkedPayments: readonly ParkedPayment[];
  /** Undefined when nothing is parked. */
  readonly oldestParkedSeconds: number | undefined;
  /** Orders with more than one payment. */
  readonly conflicts: number;
  readonly conflictOrderIds: readonly bigint[];
  /** Payments that arrived with different contents. */
  readonly changed: number;
  readonly changedPayments: readonly PaymentIds[];
  /** Payment events that repeat an earlier one. */
  readonly repeats: number;
  readonly deadLetters: Readonly<Record<DeadLetterReason, number>>;
  /** Dead letters of payments that still wait for their order. */
  readonly openDeadLetters: number;
}

/**
 * Adds up the findings of an audit.
 * @param nowMs milliseconds since the epoch. Ages are counted back from this time.
 */
export const createAuditCounts = (nowMs: number) => {
  const counts = { orders: 0, paid: 0, unpaid: 0, payments: 0, matched: 0, parked: 0 };
  const more = { conflicts: 0, changed: 0, repeats: 0, openDeadLetters: 0 };
  const parked = createOldestList();
  const conflictOrderIds: bigint[] = [];
  const changedPayments: PaymentIds[] = [];
  const deadLetters: Record<DeadLetterReason, number> = { unmatched: 0, invalid: 0, conflict: 0 };

  return {
    addOrder: ({ orderId, orderExists, isPaid, payments }: OrderFindings): void => {
      counts.orders += orderExists ? 1 : 0;
      counts.paid += isPaid ? 1 : 0;
      counts.unpaid += orderExists && !isPaid ? 1 : 0;
      counts.payments += payments.length;
      counts[orderExists ? 'matched' : 'parked'] += payments.length;
      if (payments.length > 1) {
        more.conflicts += 1;
        list(conflictOrderIds, orderId);
      }
      for (const { paymentId, publishedAtMs, isChanged, repeats } of payments) {
        more.repeats += repeats;
        if (!orderExists) {
          parked.add({ orderId, paymentId, ageSeconds: Math.round((nowMs - publishedAtMs) / 1000) });
        }
        if (isChanged) {
          more.changed += 1;
          list(changedPayments, { orderId, paymentId });
        }
      }
    },
    addDeadLetter: (reason: DeadLetterReason, isOpen: boolean): void => {
      deadLetters[reason] += 1;
      more.openDeadLetters += isOpen ? 1 : 0;
    },
    counts: (): AuditCounts => {
      const parkedPayments = parked.oldest();
      const oldestParkedSeconds = parkedPayments[0]?.ageSeconds;
      const lists = {
        parkedPayments,
        conflictOrderIds: conflictOrderIds.toSorted((a, b) => Number(a - b)),
        changedPayments: changedPayments.toSorted(byIds),
      };
      return { ...counts, ...more, ...lists, oldestParkedSeconds, deadLetters };
    },
  };
};

/** Keeps the oldest of all payments that are added, in the memory of two lists. */
const createOldestList = () => {
  let payments: ParkedPayment[] = [];
  const oldest = () => payments.toSorted(byAge).slice(0, LISTED_MAX);
  return {
    oldest,
    add: (payment: ParkedPayment): void => {
      payments.push(payment);
      if (payments.length >= 2 * LISTED_MAX) payments = oldest();
    },
  };
};

const byAge = (a: ParkedPayment, b: ParkedPayment): number => b.ageSeconds - a.ageSeconds || byIds(a, b);

const byIds = (a: PaymentIds, b: PaymentIds): number =>
  Number(a.orderId - b.orderId) || Number(a.paymentId - b.paymentId);

const list = <T>(items: T[], item: T): void => {
  if (items.length < LISTED_MAX) items.push(item);
};
