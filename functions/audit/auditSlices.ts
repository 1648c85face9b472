import { type AuditReport, audit } from '../../shared/audit/audit.ts';
import type { AuditCursor, AuditCursorStore } from '../../shared/store/auditCursor.ts';
import type { AuditSource } from '../../shared/store/store.ts';
import type { RingSlice } from '../../shared/store/tokenRanges.ts';
import { type AuditLimits, PARKED_LINE_EVERY_SECONDS } from './limits.ts';
import { SliceTooLargeError, withTimeChecks } from './withTimeChecks.ts';
import { type AuditSummary, addReport, EMPTY_SUMMARY } from './auditSummary.ts';

export interface AuditSlicesDeps {
  readonly sourceOf: (slice: RingSlice) => AuditSource;
  readonly cursor: AuditCursorStore;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly limits: AuditLimits;
  /** Called once for each part. No slice is in two parts. */
  readonly report: (part: Part) => void;
}

/** Slices in a row that one log line reports. */
export interface Part {
  readonly summary: AuditSummary;
  /** The position after these slices. */
  readonly cursor: AuditCursor;
}

/**
 * Audits one slice after the other, until the end of the ring or until `budgetMs` is over.
 *
 * It stores the cursor after each slice, so a call that the platform ends has still made progress. It reports
 * an urgent slice before it stores the cursor, because the next call starts after that slice.
 * @param startedAtMs when the call began, in milliseconds since the epoch.
 * @throws SliceTooLargeError when `deadlineMs` is over in the middle of a slice, and any error of the store.
 * By then it has reported every slice that the stored cursor has passed.
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
  // After a change of `SLICES`, slices are other pieces of the ring, so the pass starts again.
  kept?.slices === slices && kept.nextSlice > 0 && kept.nextSlice < slices
    ? kept
    : { nextSlice: 0, slices, passStartedAtMs: nowMs };

/** 3,600 s gives 0 and 3,601 s gives 1, because an alert fires above its number of hours, not at it. */
const fullHours = (seconds = 0): number => Math.max(0, Math.ceil(seconds / PARKED_LINE_EVERY_SECONDS) - 1);
