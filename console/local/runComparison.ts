import { createHash } from 'node:crypto';
import { chunks } from '../../shared/audit/chunks.ts';
import { createExpectationCheck, type Expectation } from '../../shared/audit/expectation.ts';
import { deadLetterKeyOf, type DeadLetterReason } from '../../shared/domain/deadLetter.ts';
import { DAY_MS, dayOf } from '../../shared/domain/dayOf.ts';
import { fold } from '../../shared/domain/fold.ts';
import { findingReport } from '../../shared/protocol/reportsOf.ts';
import type { OperationsStore } from '../../shared/store/operationsStore.ts';
import type { DeadLetterRow, OrderRecord } from '../../shared/store/auditSource.ts';
import { toLedgerEntries } from '../../shared/store/rows.ts';
import { type RunCounts, runCounts, type SeenOrder } from './runLines.ts';

/** So many orders, or findings of orders, are read at the same time. */
const READS_AT_ONCE = 32;
/** Pub/Sub's clock may be behind ours by so much. */
const CLOCKS_APART_MS = 60_000;

export type ComparedStore = Pick<
  OperationsStore,
  'findOrderRecord' | 'findLedger' | 'findDeadLetters' | 'scanDay' | 'findPayload'
>;

/** What one look at the tables has found. */
export interface RunLook {
  readonly counts: RunCounts;
  /** How many messages of the run are in no table. */
  readonly lost: number;
  /** What is not as expected, one sentence each. */
  readonly unmet: readonly string[];
}

interface RunComparison {
  /** Reads what was not as expected the last time. Throws when the tables do not answer. */
  readonly look: (signal: AbortSignal) => Promise<RunLook>;
}

/**
 * Compares the tables with what a run must leave in them. It looks at the ids of the run only, and not again
 * at orders that are as they must be; when nothing is left, it reads all of them once more.
 * @param sinceMs when the run began.
 */
export const createRunComparison = (
  store: ComparedStore,
  expectation: Expectation,
  { sinceMs, clock }: { readonly sinceMs: number; readonly clock: () => number },
): RunComparison => {
  const check = createExpectationCheck(expectation);
  const all = orderIdsOf(expectation);
  const open = new Set(all);
  const seen = new Map<bigint, SeenOrder>();
  const told = new Map<DeadLetterReason, Set<bigint>>();
  const bodies = new Set(expectation.invalid);
  const invalid = new Set<string>();
  const readLetters = new Set<string>();

  const readOrders = async (ids: readonly bigint[], signal: AbortSignal): Promise<void> => {
    for (let from = 0; from < ids.length; from += READS_AT_ONCE) {
      signal.throwIfAborted();
      const records = await Promise.all(ids.slice(from, from + READS_AT_ONCE).map(store.findOrderRecord));
      for (const record of records) {
        seen.set(record.orderId, seenOf(record));
        if (check.sawOrder(record)) open.delete(record.orderId);
        else open.add(record.orderId);
      }
    }
  };

  const readLetter = async (row: DeadLetterRow): Promise<void> => {
    const { orderId, reason } = row;
    if (orderId !== undefined && all.has(orderId))
      told.set(reason, (told.get(reason) ?? new Set()).add(orderId));
    if (reason === 'invalid' && row.payloadSha256 !== undefined) found(row.payloadSha256);
    if (!check.sawDeadLetter(row)) return;
    const payload = await store.findPayload(row, reason);
    found(createHash('sha256').update(payload).digest('hex'));
    check.sawPayload(payload);
  };
  const found = (sha256: string): void => {
    if (bodies.has(sha256)) invalid.add(sha256);
  };

  const readDeadLetters = async (signal: AbortSignal): Promise<void> => {
    const earliestMs = sinceMs - CLOCKS_APART_MS;
    for (const day of daysOf(earliestMs, clock())) {
      for await (const rows of store.scanDay(day)) {
        signal.throwIfAborted();
        for (const row of rows) {
          const key = `${row.reason} ${row.id}`;
          if (row.publishedAtMs < earliestMs || readLetters.has(key)) continue;
          await readLetter(row);
          readLetters.add(key);
        }
      }
    }
  };

  return {
    look: async (signal) => {
      await readOrders([...open], signal);
      await readDeadLetters(signal);
      const untold = findingsOf(expectation).filter(
        ({ orderId, reason }) => !open.has(orderId) && told.get(reason)?.has(orderId) !== true,
      );
      for await (const row of findLetters(store, untold, signal)) await readLetter(row);
      // What was right a while ago may have been changed by a later message of the run.
      if (check.result().unmet.length === 0) await readOrders([...all], signal);
      return { counts: runCounts(expectation, { seen, told, invalid: invalid.size }), ...check.result() };
    },
  };
};

const orderIdsOf = ({ matched, parked, unpaid, ...others }: Expectation): ReadonlySet<bigint> =>
  new Set([
    ...[...matched, ...parked, ...others.shows].map(({ order_id }) => order_id),
    ...unpaid,
    ...others.conflicts,
    ...others.changed,
    ...others.rivals,
  ]);

const findingsOf = ({ conflicts, changed, rivals }: Expectation) => [
  ...conflicts.map((orderId) => ({ orderId, reason: 'conflict' as const })),
  ...changed.map((orderId) => ({ orderId, reason: 'changed' as const })),
  ...rivals.map((orderId) => ({ orderId, reason: 'rivals' as const })),
];

/**
 * The dead letters of these findings. Each is on the day of its earliest event, which may be of an earlier
 * run whose rows were kept.
 */
const findLetters = async function* (
  store: ComparedStore,
  wanted: ReturnType<typeof findingsOf>,
  signal: AbortSignal,
): AsyncGenerator<DeadLetterRow> {
  for await (const together of chunks(wanted, { size: READS_AT_ONCE })) {
    signal.throwIfAborted();
    const rows = await Promise.all(together.map((finding) => findLettersOf(store, finding)));
    yield* rows.flat();
  }
};

const findLettersOf = async (
  store: ComparedStore,
  { orderId, reason }: ReturnType<typeof findingsOf>[number],
): Promise<readonly DeadLetterRow[]> => {
  const { findings } = fold(toLedgerEntries(await store.findLedger(orderId)));
  const keys = findings
    .filter((finding) => finding.reason === reason)
    .map((finding) => deadLetterKeyOf(findingReport(orderId, finding)));
  const rows = await Promise.all(keys.map(store.findDeadLetters));
  return rows.flat().filter((row) => row.reason === reason);
};

const seenOf = ({ fact, ledger }: OrderRecord): SeenOrder => ({
  isHere: fact?.order.item !== undefined,
  paymentIds: new Set(
    ledger.flatMap(({ entry }) => (entry?.kind === 'payment' ? [entry.payment.paymentId] : [])),
  ),
});

const daysOf = (sinceMs: number, untilMs: number): readonly string[] => {
  const days = new Set<string>();
  for (let atMs = sinceMs; atMs < untilMs; atMs += DAY_MS) days.add(dayOf(atMs));
  return [...days.add(dayOf(untilMs))];
};
