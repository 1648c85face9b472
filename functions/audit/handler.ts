import { audit } from '../../shared/audit/audit.ts';
import { TransientError } from '../../shared/errors.ts';
import { toErrorText } from '../../shared/messaging/deadLetterAttributes.ts';
import type { AuditCursor, AuditCursorStore } from '../../shared/store/auditCursor.ts';
import type { AuditSource } from '../../shared/store/store.ts';
import type { RingSlice } from '../../shared/store/tokenRanges.ts';
import type { Log } from '../../shared/telemetry/log.ts';
import { AUDIT_BUDGET_MS, PATIENCE_MS, SLICES } from './limits.ts';
import { type AuditSummary, addReport, EMPTY_SUMMARY } from './summary.ts';

export interface AuditDeps {
  readonly sourceOf: (slice: RingSlice) => AuditSource;
  readonly cursor: AuditCursorStore;
  /** The migrations that the keyspace has not. */
  readonly findMissingMigrations: () => Promise<readonly string[]>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly log: Log;
  /** Default 1,024, and 240,000 ms, and 5,000 ms. */
  readonly limits?: { readonly slices: number; readonly budgetMs: number; readonly patienceMs: number };
}

export interface AuditAnswer {
  readonly status: 200 | 405 | 503;
}

interface Call {
  readonly summary: AuditSummary;
  readonly cursor: AuditCursor;
  readonly isPassFinished: boolean;
  /** Age of the pass that this call went on with. */
  readonly passSeconds: number;
}

const LIMITS = { slices: SLICES, budgetMs: AUDIT_BUDGET_MS, patienceMs: PATIENCE_MS };

/**
 * Looks at the tables from where the last call stopped, for as long as a call may, or to the end of the ring: small tables are
 * looked at whole each time. What it found is one line, from which the alerts are made; it never throws.
 */
export const createAudit = (deps: AuditDeps) => {
  const { log, clock, findMissingMigrations } = deps;

  return async ({ method }: { readonly method: string }): Promise<AuditAnswer> => {
    if (method !== 'POST') return { status: 405 };
    const startedAtMs = clock();
    try {
      const missing = await findMissingMigrations();
      if (missing.length > 0) {
        log.warn({ outcome: 'schema', missing_migrations: missing }, 'audit finished');
        return { status: 200 };
      }
      const call = await lookOn(deps, startedAtMs);
      const fields = fieldsOf(call, clock() - startedAtMs);
      if (call.summary.violations > 0) log.warn(fields, 'audit finished');
      else log.info(fields, 'audit finished');
      return { status: 200 };
    } catch (error) {
      const isTransient = error instanceof TransientError;
      const fields = { error: toErrorText(String(error)), error_cause: causeOf(error) };
      if (isTransient) log.warn(fields, 'audit failed');
      else log.error({ ...fields, stack: stackOf(error) }, 'audit failed');
      return { status: 503 };
    }
  };
};

/** The cursor is kept after each slice, so that a call that is ended has still come further. */
const lookOn = async (deps: AuditDeps, startedAtMs: number): Promise<Call> => {
  const { sourceOf, cursor: store, clock, limits = LIMITS } = deps;
  const kept = await store.read();
  // A cursor of a version with other slices starts again.
  let cursor =
    kept !== undefined && kept.nextSlice < limits.slices && kept.nextSlice > 0
      ? kept
      : { nextSlice: 0, passStartedAtMs: startedAtMs };
  let summary = EMPTY_SUMMARY;
  do {
    const source = sourceOf({ index: cursor.nextSlice, of: limits.slices });
    summary = addReport(summary, await audit(source, { patienceMs: limits.patienceMs, clock }));
    cursor = { ...cursor, nextSlice: (cursor.nextSlice + 1) % limits.slices };
    await store.write(cursor);
  } while (cursor.nextSlice > 0 && clock() - startedAtMs < limits.budgetMs);
  return {
    summary,
    cursor,
    isPassFinished: cursor.nextSlice === 0,
    passSeconds: Math.round((clock() - cursor.passStartedAtMs) / 1000),
  };
};

const fieldsOf = ({ summary, cursor, isPassFinished, passSeconds }: Call, durationMs: number) => ({
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
  pass_finished: isPassFinished,
  pass_seconds: passSeconds,
  missing_migrations: [],
  duration_ms: Math.round(durationMs),
});

const STACK_CHARACTERS_MAX = 4_000;

const causeOf = (error: unknown): string | null =>
  error instanceof Error && error.cause instanceof Error ? toErrorText(String(error.cause)) : null;

const stackOf = (error: unknown): string | null =>
  error instanceof Error ? toErrorText(error.stack ?? '', STACK_CHARACTERS_MAX) : null;
