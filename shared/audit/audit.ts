import { setTimeout as delay } from 'node:timers/promises';
import { deadLetterKeyOf } from '../domain/deadLetter.ts';
import type { AuditSource, DeadLetterRow, LedgerRow } from '../store/store.ts';
import { createExpectationCheck, type Expectation, type ExpectationResult } from './expectation.ts';
import { inspectDeadLetter, inspectParked } from './inspectDeadLetter.ts';
import { inspectOrder, type Violation } from './inspectOrder.ts';
import { createAuditCounts, LISTED_MAX, type AuditCounts } from './auditCounts.ts';

/** How many rows are checked at the same time. Each check may need its own read. */
const LOOK_AT_ONCE = 32;
const LOOK_AGAIN_EVERY_MS = 1_000;

export interface AuditReport extends AuditCounts {
  readonly violationCount: number;
  readonly violations: readonly Violation[];
  /** Undefined when nothing was expected. */
  readonly expectation: ExpectationResult | undefined;
}

interface AuditOptions {
  readonly expectation?: Expectation | undefined;
  /**
   * How long the audit checks a suspected violation again before it reports it. Traffic may be live, and a
   * message that a function still handles is not a violation. 5,000 ms when left out.
   */
  readonly patienceMs?: number;
  /** Returns milliseconds since the epoch. `Date.now` when left out. */
  readonly clock?: () => number;
  /** Called now and then with the number of rows that have been read. */
  readonly onProgress?: (rows: number) => void;
}

/**
 * The most suspicions that are kept and checked again. Violations beyond them are counted at the first look,
 * because tables with so many faults need no second one.
 */
const SUSPICIONS_MAX = 10_000;

/** The violations that one look has found, and how to look again. */
interface Suspicion {
  readonly violations: readonly Violation[];
  readonly lookAgain: () => Promise<readonly Violation[]>;
}

/**
 * Reads all tables once. Reports what they hold and which promises they break. Its memory is bounded by a
 * page of rows, the limits of the lists, the suspicions and the expectation.
 * @throws what the source throws when it cannot be read.
 */
export const audit = async (source: AuditSource, options: AuditOptions = {}): Promise<AuditReport> => {
  const { expectation, patienceMs = 5_000, clock = Date.now, onProgress = () => {} } = options;
  const check = expectation && createExpectationCheck(expectation);
  const counted = createAuditCounts(clock());
  const suspicions: Suspicion[] = [];
  let rows = 0;
  let unlisted = 0;

  for await (const records of chunks(source.scanOrders(), LOOK_AT_ONCE)) {
    for (const record of records) {
      check?.sawOrder(record);
      const findings = inspectOrder(record);
      counted.addOrder(findings);
      suspicions.push({
        violations: findings.violations,
        lookAgain: async () => inspectOrder(await source.findOrderRecord(record.orderId)).violations,
      });
    }
    const parked = records.flatMap(({ ledger }) => ledger.filter(({ isParked }) => isParked));
    for await (const together of chunks(parked, LOOK_AT_ONCE)) {
      suspicions.push(...(await Promise.all(together.map((row) => suspectParked(source, row)))));
    }
    rows += records.length;
    onProgress(rows);
    unlisted += dropClean(suspicions);
  }
  for await (const deadLetters of chunks(source.scanDeadLetters(), LOOK_AT_ONCE)) {
    const findOrderRecord = onceEach(source.findOrderRecord);
    const looks = deadLetters.map(async (row) => {
      const { isOpen, violations } = await lookAtDeadLetter({ findOrderRecord }, row);
      counted.addDeadLetter(row.reason, isOpen);
      return { violations, lookAgain: () => lookAtDeadLetterAgain(source, row) };
    });
    suspicions.push(...(await Promise.all(looks)));
    for (const row of deadLetters) {
      // One payload at a time, because each may have 10 MB.
      if (check?.wantsPayload(row)) check.sawPayload(await source.findPayload(row, row.reason));
    }
    rows += deadLetters.length;
    onProgress(rows);
    unlisted += dropClean(suspicions);
  }

  const violations = await confirm(suspicions, patienceMs);
  return {
    ...counted.counts(),
    violationCount: violations.length + unlisted,
    violations: violations.slice(0, LISTED_MAX),
    expectation: check?.result(),
  };
};

const suspectParked = async (source: AuditSource, row: LedgerRow): Promise<Suspicion> => {
  const lookAgain = async () => inspectParked(row, await source.findDeadLetters(deadLetterKeyOf(row)));
  return { violations: await lookAgain(), lookAgain };
};

const lookAtDeadLetter = async (source: Pick<AuditSource, 'findOrderRecord'>, row: DeadLetterRow) => {
  const needsOrder = row.reason !== 'invalid' && row.orderId !== undefined;
  return inspectDeadLetter(row, needsOrder ? await source.findOrderRecord(row.orderId) : undefined);
};

/**
 * Wraps `find` so that it reads each order once. One order may have thousands of dead letters, and each of
 * them is compared with all payments of the order.
 */
const onceEach = (find: AuditSource['findOrderRecord']): AuditSource['findOrderRecord'] => {
  const found = new Map<bigint, ReturnType<typeof find>>();
  return (orderId) => {
    const record = found.get(orderId) ?? find(orderId);
    found.set(orderId, record);
    return record;
  };
};

/**
 * Reads a dead letter again, under the key where it was seen first. The row does not always tell its key: a
 * row with only a mark does not say when its event was published.
 */
const lookAtDeadLetterAgain = async (source: AuditSource, seen: DeadLetterRow) => {
  const rows = await source.findDeadLetters(seen);
  const found = rows.find(({ reason }) => reason === seen.reason);
  return (await lookAtDeadLetter(source, found ?? seen)).violations;
};

/**
 * Drops the suspicions without a violation, and those beyond `SUSPICIONS_MAX`.
 * @returns how many violations were beyond that limit.
 */
const dropClean = (suspicions: Suspicion[]): number => {
  const suspected = suspicions.filter(({ violations }) => violations.length > 0);
  suspicions.splice(0, suspicions.length, ...suspected.slice(0, SUSPICIONS_MAX));
  return suspected.slice(SUSPICIONS_MAX).reduce((sum, { violations }) => sum + violations.length, 0);
};

/**
 * Looks again once a second, until every suspicion is clean or `patienceMs` is over. The rest are violations.
 */
const confirm = async (suspicions: readonly Suspicion[], patienceMs: number): Promise<Violation[]> => {
  let suspected = suspicions;
  const looks = Math.ceil(patienceMs / LOOK_AGAIN_EVERY_MS);
  for (let look = 0; look < looks && suspected.length > 0; look += 1) {
    await delay(LOOK_AGAIN_EVERY_MS);
    const again: Suspicion[] = [];
    for (const { lookAgain } of suspected) again.push({ violations: await lookAgain(), lookAgain });
    dropClean(again);
    suspected = again;
  }
  return suspected.flatMap(({ violations }) => violations);
};

const chunks = async function* <T>(items: AsyncIterable<T> | Iterable<T>, size: number): AsyncGenerator<T[]> {
  let chunk: T[] = [];
  for await (const item of items) {
    chunk.push(item);
    if (chunk.length === size) {
      yield chunk;
      chunk = [];
    }
  }
  if (chunk.length > 0) yield chunk;
};
