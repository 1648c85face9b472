import type { Report } from '../domain/deadLetter.ts';
import type { Finding, FindingReason } from '../domain/finding.ts';
import { tooMany } from '../domain/findingsOf.ts';
import type { Fold } from '../domain/fold.ts';
import type { LedgerEntry, PaymentEntry } from '../domain/ledgerEntry.ts';
import { findingIdOf, resolvedRefOf } from './findingIdOf.ts';

/** A sentence names at most this many ids. */
const IDS_NAMED_MAX = 10;

/**
 * What must be told about an entry: that a payment waits for its order, and the findings in which the entry
 * takes part. What a decision has resolved or discarded is told no more.
 */
export const reportsOf = (entry: LedgerEntry, { order, findings, decided }: Fold): readonly Report[] => {
  const unmatched = entry.kind === 'payment' && order === undefined ? [unmatchedReport(entry)] : [];
  const found = findings
    .filter(({ eventIds }) => eventIds.has(entry.eventId))
    .filter((finding) => !isDecided(entry.orderId, finding, decided))
    .map((finding) => findingReport(entry.orderId, finding));
  return [...unmatched.filter(({ id }) => !decided.has(id)), ...found];
};

/** Whether somebody has discarded the dead letter of a finding, or resolved the finding as it is now. */
export const isDecided = (orderId: bigint, finding: Finding, decided: Fold['decided']): boolean =>
  decided.has(findingIdOf(orderId, finding)) || decided.has(resolvedRefOf(orderId, finding));

/**
 * What must be told about an entry whose ledger is too large to be read whole.
 * @param read the fold of what was read, and whether it can be said: whether all payments were read.
 */
export const cutReportsOf = (
  entry: LedgerEntry,
  { folded, isSayable }: { readonly folded: Fold; readonly isSayable: boolean },
): readonly Report[] => {
  const reports = isSayable ? reportsOf(entry, folded) : [];
  const report = findingReport(entry.orderId, tooMany([entry]));
  const isSaid = reports.some(({ id }) => id === report.id) || folded.decided.has(report.id);
  return isSaid ? reports : [...reports, report];
};

/** The report of a payment that came before its order. */
export const unmatchedReport = ({ eventId, publishedAtMs, payment }: PaymentEntry): Report => ({
  reason: 'unmatched',
  error: `payment ${payment.paymentId} waits for order ${payment.orderId}`,
  id: eventId,
  sinceMs: publishedAtMs,
});

/** The report of a finding about an order. */
export const findingReport = (orderId: bigint, finding: Finding): Report => ({
  reason: finding.reason,
  error: SENTENCE_OF[finding.reason](orderId, finding),
  id: findingIdOf(orderId, finding),
  sinceMs: finding.sinceMs,
});

const SENTENCE_OF: Readonly<Record<FindingReason, (orderId: bigint, finding: Finding) => string>> = {
  conflict: (orderId, { ids }) => `order ${orderId} is paid by ${ids.length} payments: ${named(ids)}`,
  changed: (orderId, { ids }) =>
    `payment ${named(ids)} of order ${orderId} was sent with contents that contradict each other`,
  rivals: (orderId, { eventIds }) =>
    `order ${orderId} has ${eventIds.size} versions of the same time, and they differ`,
  too_many: (orderId) =>
    `order ${orderId} has too many payment events or versions of one time, or too much text to be read`,
};

const named = (ids: readonly string[]): string =>
  `${ids.slice(0, IDS_NAMED_MAX).join(', ')}${ids.length > IDS_NAMED_MAX ? ', …' : ''}`;
