import { TransientError } from '../../shared/errors.ts';
import { errorFields } from '../../shared/telemetry/errorFields.ts';
import type { Log } from '../../shared/telemetry/log.ts';
import { AUDIT_LIMITS, type AuditLimits } from './limits.ts';
import { type AuditSlicesDeps, auditSlices, type Part } from './auditSlices.ts';
import { SliceTooLargeError } from './withTimeChecks.ts';

export interface AuditDeps extends Pick<AuditSlicesDeps, 'sourceOf' | 'cursor' | 'clock'> {
  /** Names the migrations that this version needs and the keyspace lacks. */
  readonly findMissingMigrations: () => Promise<readonly string[]>;
  readonly log: Log;
  /** Defaults to `AUDIT_LIMITS`. */
  readonly limits?: AuditLimits;
}

interface AuditAnswer {
  readonly status: 200 | 405 | 503;
}

/**
 * Makes the scheduled audit. Each call starts at the slice where the last call stopped, and ends at the end
 * of the ring or when its time is up. So one call audits small tables as a whole.
 *
 * A call writes one log line when it ends. It writes one more line at once for each urgent slice. Alerts are
 * made from these lines, so no slice is in two of them.
 *
 * When migrations are missing, a call audits nothing, logs that with the outcome `schema`, and answers 200.
 *
 * It never throws. It answers 405 to any method but POST, and 503 when it failed.
 */
export const createAudit = (deps: AuditDeps) => {
  const { log, clock, findMissingMigrations, limits = AUDIT_LIMITS } = deps;

  return async ({ method }: { readonly method: string }): Promise<AuditAnswer> => {
    if (method !== 'POST') return { status: 405 };
    const startedAtMs = clock();
    const report = (part: Part): void => {
      const fields = fieldsOf(part, clock(), startedAtMs);
      if (part.summary.violations > 0) log.warn(fields, 'audit finished');
      else log.info(fields, 'audit finished');
    };
    try {
      const missing = await findMissingMigrations();
      if (missing.length > 0) {
        log.warn({ outcome: 'schema', missing_migrations: missing }, 'audit finished');
        return { status: 200 };
      }
      await auditSlices({ ...deps, limits, report }, startedAtMs);
      return { status: 200 };
    } catch (error) {
      const { stack, ...fields } = errorFields(error);
      if (error instanceof SliceTooLargeError) {
        log.warn({ outcome: 'slice_too_large', slice: error.slice, ...fields }, 'audit failed');
      } else if (error instanceof TransientError) log.warn(fields, 'audit failed');
      else log.error({ ...fields, stack }, 'audit failed');
      return { status: 503 };
    }
  };
};

const fieldsOf = ({ summary, cursor }: Part, nowMs: number, startedAtMs: number) => ({
  outcome: summary.violations > 0 ? 'violations' : 'clean',
  violations: summary.violations,
  details: summary.details,
  orders: summary.orders,
  payments: summary.payments,
  parked: summary.parked,
  oldest_parked_seconds: summary.oldestParkedSeconds ?? null,
  open_dead_letters: summary.openDeadLetters,
  slices: summary.slices,
  next_slice: cursor.nextSlice,
  pass_finished: cursor.nextSlice === 0,
  pass_seconds: Math.round((nowMs - cursor.passStartedAtMs) / 1000),
  missing_migrations: [],
  duration_ms: Math.round(nowMs - startedAtMs),
});
