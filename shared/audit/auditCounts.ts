import { DEAD_LETTER_REASONS, type DeadLetterReason } from '../domain/deadLetter.ts';
import { FINDING_REASONS, type FindingReason } from '../domain/finding.ts';
import { PAYMENT_STATUSES, type PaymentStatus } from '../domain/paymentStatus.ts';
import type { OrderInspection } from './inspectOrder.ts';

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
  /** Orders by what the payment in their row says. */
  readonly statuses: Readonly<Record<PaymentStatus, number>>;
  /** Orders whose row shows a payment that succeeded. */
  readonly paid: number;
  /** Orders that have arrived and show no payment. */
  readonly unpaid: number;
  /** Payments in the ledger. Each pair of an order id and a payment id counts once. */
  readonly payments: number;
  /** Payments whose order has arrived. */
  readonly matched: number;
  /** Payments that wait for their order, without those that a decision has discarded. */
  readonly parked: number;
  /** Payments that a decision has discarded. */
  readonly discarded: number;
  /** The parked payments, oldest first. */
  readonly parkedPayments: readonly ParkedPayment[];
  /** Undefined when nothing is parked. */
  readonly oldestParkedSeconds: number | undefined;
  /** What people must look at, without what a decision has resolved, by reason. */
  readonly findings: Readonly<Record<FindingReason, number>>;
  /** The orders with such a finding. */
  readonly findingOrderIds: Readonly<Record<FindingReason, readonly bigint[]>>;
  /** Payment events that repeat an earlier one. */
  readonly repeats: number;
  /** Orders whose versions name different customers. */
  readonly reused: number;
  readonly reusedOrderIds: readonly bigint[];
  /** Orders with a refund under an id of its own, beside a payment that succeeded. */
  readonly refundedApart: number;
  /** Events with a time that was not believed, because it was too far ahead. */
  readonly clocksRefused: number;
  /** Orders with more entries than are read. Of each, the first entries are counted here, and no more. */
  readonly cut: number;
  readonly cutOrderIds: readonly bigint[];
  /** Words of `payment_status` that Tally does not know. */
  readonly unknownStatusWords: readonly string[];
  readonly deadLetters: Readonly<Record<DeadLetterReason, number>>;
  /** Dead letters that report what the ledger still says, and that no decision names. */
  readonly openDeadLetters: number;
  /** The orders of each bucket that has no list above. */
  readonly ids: Readonly<Record<Bucket, readonly bigint[]>>;
}

/** The buckets of orders, beside the findings: by what their row shows, and by what is unusual. */
const BUCKETS = [...PAYMENT_STATUSES, 'unpaid', 'discarded', 'refundedApart', 'clocksRefused'] as const;
type Bucket = (typeof BUCKETS)[number];

/**
 * Adds up what an audit finds in orders and dead letters.
 * @param nowMs milliseconds since the epoch. Ages are counted back from this time.
 */
export const createAuditCounts = (nowMs: number) => {
  const counts = { orders: 0, unpaid: 0, payments: 0, matched: 0, parked: 0, discarded: 0 };
  const more = { repeats: 0, reused: 0, refundedApart: 0, clocksRefused: 0, cut: 0, openDeadLetters: 0 };
  const statuses = zeros(PAYMENT_STATUSES);
  const findings = zeros(FINDING_REASONS);
  const deadLetters = zeros(DEAD_LETTER_REASONS);
  const orderIds = emptyLists(FINDING_REASONS);
  const reusedOrderIds: bigint[] = [];
  const cutOrderIds: bigint[] = [];
  const ids = emptyLists(BUCKETS);
  const words = new Set<string>();
  const parked = createOldestList();

  return {
    addOrder: (order: OrderInspection): void => {
      const { orderId, orderExists, shownStatus, payments } = order;
      counts.orders += orderExists ? 1 : 0;
      counts.unpaid += orderExists && shownStatus === undefined ? 1 : 0;
      counts.payments += payments.length;
      more.refundedApart += order.isRefundedApart ? 1 : 0;
      more.clocksRefused += order.clocksRefused;
      if (shownStatus !== undefined) statuses[shownStatus] += 1;
      for (const bucket of bucketsOf(order)) list(ids[bucket], orderId);
      if (order.isReused) {
        more.reused += 1;
        list(reusedOrderIds, orderId);
      }
      if (order.isCut) {
        more.cut += 1;
        list(cutOrderIds, orderId);
      }
      for (const { reason } of order.findings) findings[reason] += 1;
      for (const reason of new Set(order.findings.map((finding) => finding.reason))) {
        list(orderIds[reason], orderId);
      }
      for (const { paymentId, publishedAtMs, repeats, unknownWords, isDiscarded } of payments) {
        more.repeats += repeats;
        for (const word of unknownWords) if (words.size < LISTED_MAX) words.add(word);
        counts[orderExists ? 'matched' : isDiscarded ? 'discarded' : 'parked'] += 1;
        if (orderExists || isDiscarded) continue;
        parked.add({ orderId, paymentId, ageSeconds: Math.round((nowMs - publishedAtMs) / 1000) });
      }
    },
    addDeadLetter: (reason: DeadLetterReason, isOpen: boolean): void => {
      deadLetters[reason] += 1;
      more.openDeadLetters += isOpen ? 1 : 0;
    },
    counts: (): AuditCounts => {
      const parkedPayments = parked.oldest();
      return {
        ...counts,
        ...more,
        statuses,
        paid: statuses.succeeded,
        findings,
        findingOrderIds: orderIds,
        reusedOrderIds,
        cutOrderIds,
        unknownStatusWords: [...words].toSorted(),
        parkedPayments,
        oldestParkedSeconds: parkedPayments[0]?.ageSeconds,
        deadLetters,
        ids,
      };
    },
  };
};

const bucketsOf = (order: OrderInspection): readonly Bucket[] => {
  const { orderExists, shownStatus, payments } = order;
  const buckets: Bucket[] = [];
  if (orderExists) buckets.push(shownStatus ?? 'unpaid');
  else if (payments.some(({ isDiscarded }) => isDiscarded)) buckets.push('discarded');
  if (order.isRefundedApart) buckets.push('refundedApart');
  if (order.clocksRefused > 0) buckets.push('clocksRefused');
  return buckets;
};

const zeros = <Name extends string>(names: readonly Name[]): Record<Name, number> =>
  Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;

const emptyLists = <Name extends string>(names: readonly Name[]): Record<Name, bigint[]> =>
  Object.fromEntries(names.map((name): [string, bigint[]] => [name, []])) as Record<Name, bigint[]>;

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

const byAge = (a: ParkedPayment, b: ParkedPayment): number =>
  b.ageSeconds - a.ageSeconds || Number(a.orderId - b.orderId) || Number(a.paymentId - b.paymentId);

const list = <T>(items: T[], item: T): void => {
  if (items.length < LISTED_MAX) items.push(item);
};
