import { type AuditCounts, createAuditCounts } from '../../shared/audit/auditCounts.ts';
import type { Violation } from '../../shared/audit/violation.ts';
import { FINDING_REASONS, type FindingReason } from '../../shared/domain/finding.ts';
import type { AuditCursor } from '../../shared/store/auditCursor.ts';
import { DETAILS_MAX } from './limits.ts';

/** What one log line reports. No row is in two parts. */
export interface Part {
  readonly counts: ReturnType<typeof createAuditCounts>;
  readonly startedAtMs: number;
  /** It is about what earlier calls suspected, and not a piece of the pass. */
  readonly isSecondLook: boolean;
  /** Rows that this part looked at. */
  rows: number;
  /** What was broken at the second look. */
  readonly violations: Sentences;
  /** What is broken or in progress, after the first look. */
  readonly suspected: Sentences;
}

/** Counts violations, and keeps the first of them as sentences. */
interface Sentences {
  count: number;
  readonly first: string[];
}

export const createPart = (nowMs: number, isSecondLook = false): Part => ({
  counts: createAuditCounts(nowMs),
  startedAtMs: nowMs,
  isSecondLook,
  rows: 0,
  violations: { count: 0, first: [] },
  suspected: { count: 0, first: [] },
});

export const addSentences = (sentences: Sentences, violations: readonly Violation[]): void => {
  sentences.count += violations.length;
  const texts = violations.map(({ promise, detail }) => `${promise}: ${detail}`);
  sentences.first.push(...texts.slice(0, DETAILS_MAX - sentences.first.length));
};

/** The fields of the line about a part. They are always the same ones, so that alerts can rely on them. */
export const fieldsOf = (part: Part, cursor: AuditCursor, nowMs: number) => {
  const { violations, suspected, rows } = part;
  const counts = part.counts.counts();
  return {
    outcome: violations.count > 0 ? 'violations' : suspected.count > 0 ? 'suspected' : 'clean',
    violations: violations.count,
    details: violations.first,
    suspected: suspected.count,
    suspected_details: suspected.first,
    rows,
    orders: counts.orders,
    payments: counts.payments,
    statuses: counts.statuses,
    unpaid: counts.unpaid,
    parked: counts.parked,
    oldest_parked_seconds: counts.oldestParkedSeconds ?? null,
    findings: counts.findings,
    finding_order_ids: findingOrderIds(counts),
    open_dead_letters: counts.openDeadLetters,
    reused: counts.reused,
    refunded_apart: counts.refundedApart,
    clocks_refused: counts.clocksRefused,
    cut_orders: counts.cut,
    unknown_status_words: counts.unknownStatusWords.slice(0, DETAILS_MAX),
    next_table: cursor.place.table,
    pass_finished: !part.isSecondLook && isAtStart(cursor),
    pass_seconds: Math.round((nowMs - cursor.passStartedAtMs) / 1_000),
    missing_migrations: [],
  };
};

/** A pass begins here, so one that comes here has ended. */
export const isAtStart = ({ place }: AuditCursor): boolean =>
  place.table === 'orders' && place.after === undefined;

const findingOrderIds = ({ findingOrderIds: all }: AuditCounts): Partial<Record<FindingReason, string[]>> =>
  Object.fromEntries(
    FINDING_REASONS.map((reason) => [reason, all[reason].slice(0, DETAILS_MAX).map(String)]),
  );
