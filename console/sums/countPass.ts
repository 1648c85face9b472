import { setTimeout as delay } from 'node:timers/promises';
import { chunks } from '../../shared/audit/chunks.ts';
import { inspectOrder } from '../../shared/audit/inspectOrder.ts';
import { createLedgerIdsCache, lookAgain, type Suspicion } from '../../shared/audit/look.ts';
import { walk } from '../../shared/audit/walk.ts';
import type { AuditSource, DeadLetterRow } from '../../shared/store/auditSource.ts';
import type { Snapshot } from '../feed/books.ts';
import { recordAt } from './recordAt.ts';
import { createPassTotals, type PassTotals } from './passTotals.ts';
import { SUSPECTED_MAX } from './suspicions.ts';

/**
 * So many rows are read without a pause: they are little work. Their reads may still take long, on a machine
 * that is busy with something else, and no pause of ours would help it.
 */
const SMALL_ROWS = 10_000;
/** How many subjects are looked at again at the same time, as in the audit. */
const AGAIN_AT_ONCE = 8;
/** A timer is not more exact, so shorter pauses are saved up. */
const PAUSE_MIN_MS = 5;

interface PassOptions {
  readonly source: AuditSource;
  readonly snapshot: Snapshot | undefined;
  readonly startedAtMs: number;
  readonly clock: () => number;
  /**
   * How long to pause for each millisecond of work in large tables. The pass shares its process with Pub/Sub.
   */
  readonly pausePerWork: () => number;
  readonly onProgress: (done: number, of: number) => void;
  /** Called for each subject that a second look found broken, or in progress. */
  readonly onSuspicion: (suspicion: Suspicion) => void;
  readonly signal: AbortSignal;
}

interface Pass {
  readonly totals: PassTotals;
  /** There were more rows than are read without a pause. */
  readonly isLarge: boolean;
  /** More subjects were suspected than are looked at again. */
  readonly isCut: boolean;
}

/**
 * Reads all tables once, as the audit does, and adds them up. In large tables it pauses after each step,
 * in proportion to what the step took. So a slow cluster slows it down, and the traffic goes on.
 * @throws what the source throws, and the signal's reason when it aborts.
 */
export const countPass = async (options: PassOptions): Promise<Pass> => {
  const { snapshot, startedAtMs, clock, pausePerWork, onSuspicion, signal } = options;
  const source = withProgress(options);
  const totals = createPassTotals({ snapshot, startedAtMs, nowMs: clock() });
  const isInLedger = createInLedger(source);
  let [rows, suspected] = [0, 0];
  let owedMs = 0;
  let workSinceMs = performance.now();

  for await (const step of walk(source)) {
    for (const look of step.orders) {
      // A scan reads two tables at two moments. A single order is read row first, so that its ledger is
      // newer.
      const isUnsure = look.violations.length > 0;
      const now = isUnsure ? await source.findOrderRecord(look.record.orderId) : look.record;
      const record = snapshot === undefined ? now : recordAt(now, snapshot.beforeMs);
      if (record === undefined) continue;
      totals.addOrder(record, record === look.record ? look.inspection : inspectOrder(record));
    }
    for (const { row, isOpen } of step.deadLetters) {
      totals.addDeadLetter(row, { isOpen, isInLedger: !isOpen && (await isInLedger(row)) });
    }
    const again = step.suspicions.slice(0, Math.max(0, SUSPECTED_MAX - suspected));
    suspected += step.suspicions.length;
    for await (const together of chunks(again, { size: AGAIN_AT_ONCE })) {
      const looks = together.map(async ({ subject }) => ({
        subject,
        violations: await lookAgain(source, subject),
      }));
      for (const look of await Promise.all(looks)) if (look.violations.length > 0) onSuspicion(look);
    }
    signal.throwIfAborted();
    rows += step.deadLetters.length + step.orders.reduce((sum, { record }) => sum + record.ledger.length, 0);
    owedMs += rows > SMALL_ROWS ? (performance.now() - workSinceMs) * pausePerWork() : 0;
    if (owedMs >= PAUSE_MIN_MS) {
      await delay(owedMs, undefined, { signal });
      owedMs = 0;
    }
    workSinceMs = performance.now();
  }
  return { totals: totals.result(), isLarge: rows > SMALL_ROWS, isCut: suspected > SUSPECTED_MAX };
};

/** Whether the event of an `invalid` dead letter was accepted after all. An open one never was. */
const createInLedger = (source: AuditSource) => {
  const findIds = createLedgerIdsCache(source);
  return async ({ reason, orderId, id }: DeadLetterRow): Promise<boolean> =>
    reason === 'invalid' && orderId !== undefined && (await findIds(orderId)).eventIds.has(id);
};

/** The dead letters come after the orders, in as many parts. */
const withProgress = ({ source, onProgress }: PassOptions): AuditSource => ({
  ...source,
  scanOrders: (after) => source.scanOrders(after, (done, of) => onProgress(done, 2 * of)),
  scanDeadLetters: (after) => source.scanDeadLetters(after, (done, of) => onProgress(of + done, 2 * of)),
});
