import { AUDIT_BUDGET_MS, AUDIT_DEADLINE_MS } from '../../shared/deadlines.ts';

/**
 * Of the ring. Of a thousand million orders a slice has a million, which take three minutes at the 5,500 orders a second that were
 * measured on two cores, with Cassandra on the same ones.
 */
const SLICES = 1024;
/** How long what looks broken is looked at again, in each slice. */
const PATIENCE_MS = 5_000;
/** Sentences in the line; the count is never cut. */
export const DETAILS_MAX = 10;
/**
 * A payment that waits longer by this than those before it has a line at once, and so a call has few of them. Alerts are set in whole
 * hours (`parkedHours`), so none is lost.
 */
export const PARKED_LINE_EVERY_SECONDS = 3_600;

/** What a call keeps to, so that a test may have other limits. */
export interface AuditLimits {
  readonly slices: number;
  readonly budgetMs: number;
  readonly deadlineMs: number;
  readonly patienceMs: number;
}

export const AUDIT_LIMITS: AuditLimits = {
  slices: SLICES,
  budgetMs: AUDIT_BUDGET_MS,
  deadlineMs: AUDIT_DEADLINE_MS,
  patienceMs: PATIENCE_MS,
};
