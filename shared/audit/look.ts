import { deadLetterKeyOf, type Report } from '../domain/deadLetter.ts';
import { USUAL_ENTRIES_MAX } from '../domain/findingsOf.ts';
import type { AuditSource, AuditSubject, DeadLetterRow, OrderRecord } from '../store/store.ts';
import { chunks } from './chunks.ts';
import {
  type ComparedDeadLetter,
  inspectDeadLetter,
  type LedgerIds,
  ledgerIdsOf,
} from './inspectDeadLetter.ts';
import { inspectOrder, type OrderFindings } from './inspectOrder.ts';
import type { Violation } from './violation.ts';

/** A subject that a look found broken, or in progress. */
export interface Suspicion {
  readonly subject: AuditSubject;
  readonly violations: readonly Violation[];
}

/** The most reads at the same time. */
const READS_AT_ONCE = 32;
/**
 * The most reports of one order whose dead letters are looked up. An order with more payments has a finding
 * of its own, `too_many`, which is among the first.
 */
const REPORTS_CHECKED_MAX = USUAL_ENTRIES_MAX;
/** So many orders' ids are kept for the dead letters that follow, where nobody says another number. */
const ORDERS_KEPT_MAX = 16;

export interface OrderLook extends Suspicion {
  readonly record: OrderRecord;
  readonly findings: OrderFindings;
}

/** Looks at orders: at their rows, and whether somebody was told of what they show (I1, I6). */
export const lookAtOrders = async (
  source: AuditSource,
  records: readonly OrderRecord[],
): Promise<readonly OrderLook[]> => {
  const looks = records.map((record) => ({ record, findings: inspectOrder(record) }));
  const reports = looks.flatMap(({ findings: { orderId, reports: all } }) =>
    all.slice(0, REPORTS_CHECKED_MAX).map((report) => ({ orderId, report })),
  );
  const untold = new Map<bigint, Violation[]>();
  for await (const together of chunks(reports, { size: READS_AT_ONCE })) {
    const told = await Promise.all(together.map(async ({ report }) => isTold(source, report)));
    for (const [index, { orderId, report }] of together.entries()) {
      if (told[index] === true) continue;
      untold.set(orderId, [...(untold.get(orderId) ?? []), untoldViolation(orderId, report)]);
    }
  }
  return looks.map(({ record, findings }) => ({
    record,
    findings,
    subject: { table: 'orders', orderId: record.orderId },
    violations: [...findings.violations, ...(untold.get(record.orderId) ?? [])],
  }));
};

/**
 * Whether people have been told, or may have been: where dead letters expire, nobody can tell whether an old
 * one was there.
 */
export const isTold = async (
  source: Pick<AuditSource, 'findDeadLetters' | 'mayHaveExpired'>,
  report: Report,
): Promise<boolean> => {
  const rows = await source.findDeadLetters(deadLetterKeyOf(report));
  return rows.some(({ reason }) => reason === report.reason) || source.mayHaveExpired(report.sinceMs);
};

/** The message that tells it may still be on its way to `onDlq`. */
const untoldViolation = (orderId: bigint, { reason, error }: Report): Violation => ({
  promise: reason === 'unmatched' ? 'I1' : 'I6',
  detail: `nobody was told: ${error}`,
  orderId,
  mayBeInProgress: true,
});

export type FindLedgerIds = (orderId: bigint) => Promise<LedgerIds>;

export interface DeadLetterLook extends Suspicion {
  readonly row: DeadLetterRow;
  readonly isOpen: boolean;
}

export const lookAtDeadLetter = async (
  source: Pick<AuditSource, 'findActions'>,
  row: DeadLetterRow,
  findIds: FindLedgerIds,
): Promise<DeadLetterLook> => {
  const { day, shard, id, reason } = row;
  const found = await compareWithLedger(source, row, findIds);
  return { row, subject: { table: 'dead_letters', deadLetter: { day, shard, id, reason } }, ...found };
};

/** Compares a dead letter with the ledger of its order, and an `invalid` one with what was done with it. */
export const compareWithLedger = async (
  source: Pick<AuditSource, 'findActions'>,
  row: ComparedDeadLetter,
  findIds: FindLedgerIds,
): Promise<ReturnType<typeof inspectDeadLetter>> => {
  const [actions, ids] = await Promise.all([
    row.reason === 'invalid' ? source.findActions(row) : [],
    row.orderId === undefined ? undefined : findIds(row.orderId),
  ]);
  return inspectDeadLetter(row, ids, actions);
};

/**
 * Reads the ids of orders, and keeps those of the last ones: one order may have thousands of dead letters.
 * The ids of an order are read after its first dead letter, so a later dead letter may tell an event that
 * they do not have. That is no more than a suspicion, and the second look reads them again.
 */
export const createLedgerIdsCache = (
  source: Pick<AuditSource, 'findLedger'>,
  ordersKeptMax = ORDERS_KEPT_MAX,
): FindLedgerIds => {
  const kept = new Map<bigint, Promise<LedgerIds>>();
  return (orderId) => {
    const ids = kept.get(orderId) ?? readIds(source, orderId);
    // The order that was asked for last stands last.
    kept.delete(orderId);
    kept.set(orderId, ids);
    const [oldest] = kept.keys();
    if (kept.size > ordersKeptMax && oldest !== undefined) kept.delete(oldest);
    return ids;
  };
};

/** What is open follows from the ledger alone, so the row of the order is not read. */
const readIds = async (source: Pick<AuditSource, 'findLedger'>, orderId: bigint): Promise<LedgerIds> =>
  ledgerIdsOf({
    orderId,
    fact: undefined,
    paymentWriteTime: undefined,
    ledger: await source.findLedger(orderId),
  });

/** Looks at a subject again. A dead letter that has expired since then breaks nothing. */
export const lookAgain = async (
  source: AuditSource,
  subject: AuditSubject,
): Promise<readonly Violation[]> => {
  if (subject.table === 'orders') {
    const [look] = await lookAtOrders(source, [await source.findOrderRecord(subject.orderId)]);
    return look?.violations ?? [];
  }
  const { deadLetter } = subject;
  const row = (await source.findDeadLetters(deadLetter)).find(({ reason }) => reason === deadLetter.reason);
  if (row === undefined) return [];
  const { violations } = await lookAtDeadLetter(source, row, (orderId) => readIds(source, orderId));
  return violations;
};
