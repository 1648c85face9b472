/** Slices are begun for as long as this; the one that was begun last may take what is left. */
export const AUDIT_BUDGET_MS = 240_000;
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

if (AUDIT_BUDGET_MS >= AUDIT_TIMEOUT_SECONDS * 1000) {
  throw new Error('the audit must begin its last slice before the platform ends the call');
}
