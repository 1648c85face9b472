import { TransientError } from '../../shared/errors.ts';
import { errorFields } from '../../shared/telemetry/errorFields.ts';
import type { Log } from '../../shared/telemetry/log.ts';
import { type AuditPartsDeps, auditParts } from './auditParts.ts';
import { createPace } from './createPace.ts';
import { AUDIT_LIMITS, type AuditLimits } from './limits.ts';
import { fieldsOf } from './part.ts';
import { withPace } from './withPace.ts';

export interface AuditDeps extends Pick<AuditPartsDeps, 'source' | 'cursor' | 'suspicions' | 'clock'> {
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
 * Makes the scheduled audit. Each call first looks again at what earlier calls suspected. Then it goes on
 * where the last call stopped, inside a partition too, and ends at the end of the tables or when its time is
 * up. So one call audits small tables as a whole.
 *
 * A call writes one log line for each part, and one for what is broken at the second look. Alerts are made
 * from these lines.
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
    const pace = createPace({ ...limits, clock, deadlineAtMs: startedAtMs + limits.deadlineMs });
    const report: AuditPartsDeps['report'] = (part, cursor) => {
      const nowMs = clock();
      const fields = { ...fieldsOf(part, cursor, nowMs), duration_ms: Math.round(nowMs - startedAtMs) };
      if (part.violations.count > 0) log.warn(fields, 'audit finished');
      else log.info(fields, 'audit finished');
    };
    try {
      const missing = await findMissingMigrations();
      if (missing.length > 0) {
        log.warn({ outcome: 'schema', missing_migrations: missing }, 'audit finished');
        return { status: 200 };
      }
      await auditParts({ ...deps, source: withPace(deps.source, pace), limits, report }, startedAtMs);
      return { status: 200 };
    } catch (error) {
      const { stack, ...fields } = errorFields(error);
      if (error instanceof TransientError) log.warn(fields, 'audit failed');
      else log.error({ ...fields, stack }, 'audit failed');
      return { status: 503 };
    }
  };
};
