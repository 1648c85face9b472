/** Slices are begun for as long as this; the one that was begun last may take what is left until the deadline. */
export const AUDIT_BUDGET_MS = 240_000;
/** When the slice that was begun last is given up, so that the call says so itself; counted from the start of the call. */
export const AUDIT_DEADLINE_MS = 510_000;
/** When the platform ends the call. */
export const AUDIT_TIMEOUT_SECONDS = 540;
/**
 * Of the ring. Of a thousand million orders a slice has a million, which take three minutes at the 5,500 orders a second that were
 * measured on two cores, with Cassandra on the same ones.
 */
export const SLICES = 1024;
/** How long what looks broken is looked at again, in each slice. */
export const PATIENCE_MS = 5_000;
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

/** Enough for a read that was begun just before the deadline, and for the answer. */
const LAST_READ_MS = 20_000;

if (AUDIT_BUDGET_MS >= AUDIT_DEADLINE_MS) {
  throw new Error('the audit must begin its last slice before that is given up');
}
if (AUDIT_DEADLINE_MS + LAST_READ_MS >= AUDIT_TIMEOUT_SECONDS * 1000) {
  throw new Error('the audit must give its last slice up before the platform ends the call');
}
