import { type AuditReport, audit } from '../../shared/audit/audit.ts';
import type { AuditCursor, AuditCursorStore } from '../../shared/store/auditCursor.ts';
import type { AuditSource } from '../../shared/store/store.ts';
import type { RingSlice } from '../../shared/store/tokenRanges.ts';
import { type AuditLimits, PARKED_LINE_EVERY_SECONDS } from './limits.ts';
import { SliceTooLargeError, withTimeChecks } from './sliceDeadline.ts';
import { type AuditSummary, addReport, EMPTY_SUMMARY } from './auditSummary.ts';

export interface AuditSlicesDeps {
  readonly sourceOf: (slice: RingSlice) => AuditSource;
  readonly cursor: AuditCursorStore;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly limits: AuditLimits;
  /** Called once for each part; the parts of a call have no slice in common. */
  readonly report: (part: Part) => void;
}

/** Slices that are reported together. */
export interface Part {
  readonly summary: AuditSummary;
  /** Where it goes on behind them. */
  readonly cursor: AuditCursor;
}

/**
 * Looks at slices until the time to begin one is over, or the ring. The cursor is kept after each slice, so that a call that is ended
 * has still come further; whatever an alert is made from is reported before, for the next call goes on behind it.
 * @throws SliceTooLargeError, and what the store throws; what was seen until then has been reported.
 */
export const auditSlices = async (deps: AuditSlicesDeps, startedAtMs: number): Promise<void> => {
  const { cursor: store, clock, limits, report } = deps;
  let cursor = cursorFrom(await store.read(), limits.slices, startedAtMs);
  let summary = EMPTY_SUMMARY;
  let reportedHours = 0;
  try {
    do {
      const seen = await auditSlice({ index: cursor.nextSlice, of: limits.slices }, deps, startedAtMs);
      const next = { ...cursor, nextSlice: (cursor.nextSlice + 1) % limits.slices };
      const together = addReport(summary, seen);
      const hours = fullHours(seen.oldestParkedSeconds);
      const isUrgent = seen.violationCount > 0 || hours > reportedHours;
      if (isUrgent) {
        report({ summary: together, cursor: next });
        summary = EMPTY_SUMMARY;
        reportedHours = Math.max(reportedHours, hours);
      }
      await store.write(next);
      cursor = next;
      if (!isUrgent) summary = together;
    } while (cursor.nextSlice > 0 && clock() - startedAtMs < limits.budgetMs);
  } finally {
    if (summary.slices > 0) report({ summary, cursor });
  }
};

const auditSlice = async (
  slice: RingSlice,
  deps: AuditSlicesDeps,
  startedAtMs: number,
): Promise<AuditReport> => {
  const { clock, limits, sourceOf } = deps;
  const begunAtMs = clock();
  const source = withTimeChecks(sourceOf(slice), () => {
    const nowMs = clock();
    if (nowMs - startedAtMs < limits.deadlineMs) return;
    throw new SliceTooLargeError(slice, Math.round((nowMs - begunAtMs) / 1000));
  });
  return audit(source, { patienceMs: limits.patienceMs, clock });
};

const cursorFrom = (kept: AuditCursor | undefined, slices: number, nowMs: number): AuditCursor =>
  // A number of a slice says nothing once the ring is cut otherwise: going on there would leave most of it out.
  kept?.slices === slices && kept.nextSlice > 0 && kept.nextSlice < slices
    ? kept
    : { nextSlice: 0, slices, passStartedAtMs: nowMs };

/** Whole steps that an age is above: an alert asks for more than so many hours, so the hour itself is not yet one. */
const fullHours = (seconds = 0): number => Math.max(0, Math.ceil(seconds / PARKED_LINE_EVERY_SECONDS) - 1);
