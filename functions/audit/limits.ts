import { AUDIT_BUDGET_MS, AUDIT_DEADLINE_MS } from '../../shared/deadlines.ts';

/**
 * The audit cuts the ring into this many equal slices. With a thousand million orders, a slice holds a
 * million of them. That takes three minutes: we measured 5,500 orders per second on two cores that also ran
 * Cassandra.
 */
const SLICES = 1024;
/** In each slice, the audit reads again for this long what looks broken, before it reports it. */
const PATIENCE_MS = 5_000;
/** A log line describes at most this many violations in sentences. It always counts all of them. */
export const DETAILS_MAX = 10;
/**
 * The audit writes a line at once when the oldest parked payment exceeds a multiple of this age that the call
 * has not reported yet. So a call writes few such lines. Alerts are set in whole hours (`parkedHours`), so
 * none is missed.
 */
export const PARKED_LINE_EVERY_SECONDS = 3_600;

/** The limits of one call. They are a parameter, so that a test can set smaller ones. */
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
