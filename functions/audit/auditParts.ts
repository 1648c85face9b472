import { chunks } from '../../shared/audit/chunks.ts';
import { lookAgain, type Suspicion } from '../../shared/audit/look.ts';
import { judge } from '../../shared/audit/violation.ts';
import { START, walk } from '../../shared/audit/walk.ts';
import type { AuditCursor, AuditCursorStore } from '../../shared/store/auditCursor.ts';
import type { AuditSuspicionStore } from '../../shared/store/auditSuspicionStore.ts';
import type { AuditSource } from '../../shared/store/auditSource.ts';
import { type AuditLimits, SUSPICIONS_KEPT_MAX } from './limits.ts';
import { addSentences, createPart, isAtStart, type Part } from './part.ts';

export interface AuditPartsDeps {
  readonly source: AuditSource;
  readonly cursor: AuditCursorStore;
  readonly suspicions: AuditSuspicionStore;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly limits: AuditLimits;
  /** Called once for each part, before the cursor that follows it is kept. */
  readonly report: (part: Part, cursor: AuditCursor) => void;
}

/** How many suspicions are looked at again at the same time. */
const AGAIN_AT_ONCE = 8;

/**
 * One call: looks again at what earlier calls suspected, then goes on with the walk over all tables, until
 * its end or until `budgetMs` is over.
 *
 * It reports a part before it keeps the cursor. So what an alert needs is said whatever ends the call, and a
 * call that ends in between says it twice. It keeps the cursor when it fails, too: it comes further each
 * time.
 * @param startedAtMs when the call began, in milliseconds since the epoch.
 * @throws any error of the store.
 */
export const auditParts = async (deps: AuditPartsDeps, startedAtMs: number): Promise<void> => {
  const from = cursorFrom(await deps.cursor.read(), startedAtMs);
  // What cannot be looked at again must not stop the walk. The call fails with it in the end.
  const failures: unknown[] = [];
  const cursor = await lookAgainAtSuspicions(deps, from, startedAtMs).catch((error: unknown) => {
    failures.push(error);
    return from;
  });
  await walkOn(deps, cursor, startedAtMs);
  for (const failure of failures) throw failure;
};

const cursorFrom = (kept: AuditCursor | undefined, nowMs: number): AuditCursor => {
  if (kept === undefined) return { place: START, passStartedAtMs: nowMs, lookedAgainUpToMs: 0 };
  return isAtStart(kept) ? { ...kept, passStartedAtMs: nowMs } : kept;
};

/** The two looks lie at least as far apart as a message may be on its way. */
const lookAgainAtSuspicions = async (
  deps: AuditPartsDeps,
  cursor: AuditCursor,
  startedAtMs: number,
): Promise<AuditCursor> => {
  const { source, suspicions, clock, limits, report } = deps;
  const part = createPart(clock(), true);
  const dueUpToMs = clock() - limits.inProgressMs;
  let lookedAgainUpToMs = Math.max(cursor.lookedAgainUpToMs, dueUpToMs);
  const due = suspicions.findSeen(cursor.lookedAgainUpToMs, dueUpToMs);
  try {
    for await (const together of chunks(due, { size: AGAIN_AT_ONCE })) {
      const [first] = together;
      if (first !== undefined && clock() - startedAtMs >= limits.budgetMs / 2) {
        // The rest has to wait for the next call. Those of the same millisecond are looked at once more.
        lookedAgainUpToMs = first.firstSeenAtMs - 1;
        break;
      }
      const looks = together.map(async ({ subject, details, firstSeenAtMs }) =>
        judge({
          first: details.map((detail) => ({ detail })),
          last: await lookAgain(source, subject),
          apartMs: clock() - firstSeenAtMs,
          inProgressMs: limits.inProgressMs,
        }),
      );
      for (const { broken } of await Promise.all(looks)) addSentences(part.violations, broken);
    }
  } finally {
    if (part.violations.count > 0) report(part, cursor);
  }
  const next = { ...cursor, lookedAgainUpToMs };
  await deps.cursor.write(next);
  return next;
};

const walkOn = async (deps: AuditPartsDeps, from: AuditCursor, startedAtMs: number): Promise<void> => {
  const { source, clock, limits, report } = deps;
  const keep = createKeeping(deps);
  let cursor = from;
  let part = createPart(clock());
  let isReported = true;
  const endPart = async (): Promise<void> => {
    report(part, cursor);
    isReported = true;
    part = createPart(clock());
    await deps.cursor.write(cursor);
  };

  try {
    for await (const step of walk(source, from.place)) {
      const suspected = await keep(step.suspicions);
      for (const { violations } of suspected) addSentences(part.suspected, violations);
      for (const { inspection } of step.orders) part.counts.addOrder(inspection);
      for (const { row, isOpen } of step.deadLetters) part.counts.addDeadLetter(row.reason, isOpen);
      part.rows += step.orders.length + step.deadLetters.length;
      cursor = { ...cursor, place: step.place };
      isReported = false;
      if (clock() - startedAtMs >= limits.budgetMs) return;
      if (clock() - part.startedAtMs >= limits.partMs) await endPart();
    }
    cursor = { ...cursor, place: START };
    isReported = false;
  } finally {
    if (!isReported) await endPart();
  }
};

/**
 * Remembers suspicions for a second look. It looks once more before that, because a scan reads two tables at
 * two moments, and an order may have come in between.
 */
const createKeeping = ({ source, suspicions, clock }: AuditPartsDeps) => {
  let kept = 0;
  return async (found: readonly Suspicion[]): Promise<readonly Suspicion[]> => {
    const suspected: Suspicion[] = [];
    for (const suspicion of found) {
      if (kept >= SUSPICIONS_KEPT_MAX) {
        suspected.push(suspicion);
        continue;
      }
      const { subject } = suspicion;
      const violations = await lookAgain(source, subject);
      if (violations.length === 0) continue;
      kept += 1;
      suspected.push({ subject, violations });
      const details = violations.map(({ detail }) => detail);
      await suspicions.remember({ firstSeenAtMs: clock(), subject, details });
    }
    return suspected;
  };
};
