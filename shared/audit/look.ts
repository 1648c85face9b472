import { deadLetterKeyOf, type Report } from '../domain/deadLetter.ts';
import { USUAL_ENTRIES_MAX } from '../domain/findingsOf.ts';
import type { AuditSource, AuditSubject, DeadLetterRow, OrderRecord } from '../store/auditSource.ts';
import { chunks } from './chunks.ts';
import {
  type ComparedDeadLetter,
  inspectDeadLetter,
  type LedgerIds,
  ledgerIdsOf,
} from './inspectDeadLetter.ts';
import { inspectOrder, type OrderInspection } from './inspectOrder.ts';
import type { Violation } from './violation.ts';

/** A subject that a look found broken, or in progress. */
export interface Suspicion {
  readonly subject: AuditSubject;
  readonly violations: readonly Violation[];
}

/** The most reads at the same time. */
const READS_AT_ONCE = 32;
/**
 * The most reports of one order whose dead letters are looked up: first its findings, then its payments that
 * wait. An order with more payments has the finding `too_many`.
 */
const REPORTS_CHECKED_MAX = USUAL_ENTRIES_MAX;
/** For this many orders, the ids of their ledgers stay in memory, unless the caller names another number. */
const ORDERS_KEPT_MAX = 16;

export interface OrderLook extends Suspicion {
  readonly record: OrderRecord;
  readonly inspection: OrderInspection;
}

/** Looks at orders: at their rows, and whether somebody was told of what they show (I1, I6). */
export const lookAtOrders = async (
  source: AuditSource,
  records: readonly OrderRecord[],
): Promise<readonly OrderLook[]> => {
  const looks = records.map((record) => ({ record, inspection: inspectOrder(record) }));
  const reports = looks.flatMap(({ inspection: { orderId, reports: all } }) =>
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
  return looks.map(({ record, inspection }) => ({
    record,
    inspection,
    subject: { table: 'orders', orderId: record.orderId },
    violations: [...inspection.violations, ...(untold.get(record.orderId) ?? [])],
  }));
};

/**
 * Whether people have been told of a report. It is true, too, where they may have been: a dead letter that is
 * old enough to have expired may have been there.
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
 * Makes a function that reads the ids in the ledger of an order. It keeps those of the orders that were asked
 * for last, because one order may have thousands of dead letters. A later dead letter of an order may name an
 * event that was accepted after the ids were read. Then the first look suspects it, and the second look reads
 * the ids again.
 * @param ordersKeptMax of how many orders they are kept.
 */
export const createLedgerIdsCache = (
  source: Pick<AuditSource, 'findLedger'>,
  ordersKeptMax = ORDERS_KEPT_MAX,
): FindLedgerIds => {
  const kept = new Map<bigint, Promise<LedgerIds>>();
  return (orderId) => {
    const ids = kept.get(orderId) ?? readIds(source, orderId);
    // The order that was asked for last moves to the end, so the first one is the oldest.
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
