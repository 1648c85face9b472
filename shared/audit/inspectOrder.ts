import { paymentContent } from '../domain/content.ts';
import type { Report } from '../domain/deadLetter.ts';
import type { Finding } from '../domain/finding.ts';
import { tooMany } from '../domain/findingsOf.ts';
import { type Fold, fold } from '../domain/fold.ts';
import { isClockRefused, type LedgerEntry, type PaymentEntry } from '../domain/ledgerEntry.ts';
import { type PaymentStatus, paymentStatusOf } from '../domain/paymentStatus.ts';
import { statusOf } from '../domain/verdicts.ts';
import { findingReport, isDecided, unmatchedReport } from '../protocol/reportsOf.ts';
import { toLedgerEntries } from '../store/rows.ts';
import { collectLedger } from '../store/collectLedger.ts';
import type { LedgerRead } from '../store/store.ts';
import type { OrderRecord } from '../store/auditSource.ts';
import { hasSome, problemsOf } from './problemsOf.ts';
import type { Violation } from './violation.ts';

/** What all events about one payment say together. */
interface PaymentInspection {
  readonly paymentId: bigint;
  readonly publishedAtMs: number;
  /** The words of `payment_status` that Tally does not know. */
  readonly unknownWords: readonly string[];
  /** How many of its events repeat an earlier one. */
  readonly repeats: number;
  /** A decision has discarded the dead letters of all its events, so nobody waits for its order any more. */
  readonly isDiscarded: boolean;
}

export interface OrderInspection {
  readonly orderId: bigint;
  readonly orderExists: boolean;
  /** What the payment in the row says; undefined when the order is not here or shows no payment. */
  readonly shownStatus: PaymentStatus | undefined;
  readonly payments: readonly PaymentInspection[];
  /** What people must look at, without what a decision has resolved. */
  readonly findings: readonly Finding[];
  /** What people must have been told: the findings, and each payment that waits. */
  readonly reports: readonly Report[];
  /** The versions of the order name different customers. */
  readonly isReused: boolean;
  /** A refund came under an id of its own, beside a payment that succeeded. */
  readonly isRefundedApart: boolean;
  /** How many events sent a time that was not believed. */
  readonly clocksRefused: number;
  /** The ledger has more entries than are read, so everything here is about the first of them. */
  readonly isCut: boolean;
  /** Events that were published up to this time are blank, in milliseconds; undefined without an erasure. */
  readonly erasedUpToMs: number | undefined;
  readonly violations: readonly Violation[];
}

/** What one order's rows say, and which promises they break. Pure: the same rows give the same inspection. */
export const inspectOrder = (record: OrderRecord): OrderInspection => {
  const { orderId, fact } = record;
  const entries = toLedgerEntries(record.ledger);
  // The same entries as the consumers fold.
  const read = readOf(entries);
  const folded = fold(read.entries);
  const orderExists = hasSome(fact?.order);
  const payments = entries.filter((entry) => entry.kind === 'payment');
  const orders = entries.filter((entry) => entry.kind === 'order');
  // What a cut ledger shows depends on who reads it. Only that it has too many events is sure.
  const found = read.isWhole ? folded.findings : [tooMany(entries)];
  const findings = found.filter((finding) => !isDecided(orderId, finding, folded.decided));
  const waiting = folded.order === undefined ? payments.map(unmatchedReport) : [];
  const word = fact?.payment.paymentStatus;
  return {
    orderId,
    orderExists,
    shownStatus: orderExists && word !== undefined ? paymentStatusOf(word) : undefined,
    payments: paymentsOf(payments, folded),
    findings,
    // Each event of a cut ledger tells it for its own day, so nobody must have been told exactly that.
    reports: read.isWhole
      ? [
          ...findings.map((finding) => findingReport(orderId, finding)),
          ...waiting.filter(({ id }) => !folded.decided.has(id)),
        ]
      : [],
    isReused: new Set(orders.flatMap(({ order }) => order.customerId ?? [])).size > 1,
    isRefundedApart: isRefundedApart(payments, folded),
    clocksRefused: entries.filter(isClockRefused).length,
    isCut: !read.isWhole,
    erasedUpToMs: folded.erasedUpToMs,
    violations: problemsOf(record, read.isWhole ? folded : undefined),
  };
};

const readOf = (entries: readonly LedgerEntry[]): LedgerRead => {
  const ledger = collectLedger(false);
  entries.some(ledger.add);
  return ledger.read();
};

/** Whether a payment id that was refunded was never said to be paid, and another one is paid. */
const isRefundedApart = (payments: readonly PaymentEntry[], { verdicts }: Fold): boolean => {
  const paidIds = new Set(payments.filter((entry) => statusOf(entry) === 'succeeded').map(paymentIdOf));
  const isApart = verdicts.some(
    (entry) => statusOf(entry) === 'refunded' && !paidIds.has(paymentIdOf(entry)),
  );
  return isApart && verdicts.some((entry) => statusOf(entry) === 'succeeded');
};

const paymentIdOf = ({ payment }: PaymentEntry): bigint => payment.paymentId;

const paymentsOf = (payments: readonly PaymentEntry[], { decided }: Fold): PaymentInspection[] =>
  [...Map.groupBy(payments, ({ payment }) => payment.paymentId)].map(([paymentId, entries]) => {
    const contents = new Set(entries.map((entry) => paymentContent(entry.payment)));
    const words = entries.map((entry) => entry.payment.paymentStatus);
    return {
      paymentId,
      publishedAtMs: Math.min(...entries.map(({ publishedAtMs }) => publishedAtMs)),
      unknownWords: [...new Set(words.filter((word) => paymentStatusOf(word) === 'unknown'))],
      repeats: entries.length - contents.size,
      isDiscarded: entries.every(({ eventId }) => decided.has(eventId)),
    };
  });
