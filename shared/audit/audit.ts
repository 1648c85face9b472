import { setTimeout as delay } from 'node:timers/promises';
import { deadLetterKeyOf } from '../domain/deadLetter.ts';
import type { AuditSource, DeadLetterRow, LedgerRow } from '../store/store.ts';
import { createExpectationCheck, type Expectation, type ExpectationResult } from './expectation.ts';
import { inspectDeadLetter, inspectParked } from './inspectDeadLetter.ts';
import { inspectOrder, type Violation } from './inspectOrder.ts';
import { createAuditCounts, LISTED_MAX, type AuditCounts } from './auditCounts.ts';

/** Rows that are looked at together, each with a read of its own. */
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
   * How long a suspected violation is looked at again before it is reported: traffic may be live, and a message that is
   * still being handled is no violation. Default 5,000 ms.
   */
  readonly patienceMs?: number;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
  /** Called now and then with the number of rows read. */
  readonly onProgress?: (rows: number) => void;
}

/** What is looked at again at most; tables with more faults than this need no second look. */
const SUSPICIONS_MAX = 10_000;

/** A violation that was seen once, and how to look at it again. */
interface Suspicion {
  readonly violations: readonly Violation[];
  readonly lookAgain: () => Promise<readonly Violation[]>;
}

/**
 * Reads all tables once and reports what they hold and which promises they break. Memory is bounded by a page of rows,
 * the lists' limits, the suspicions and the expectation.
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
      // One at a time: a payload may have 10 MB.
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

/** One order may have thousands of dead letters, and each is held against all of its payments: they are read once for many. */
const onceEach = (find: AuditSource['findOrderRecord']): AuditSource['findOrderRecord'] => {
  const found = new Map<bigint, ReturnType<typeof find>>();
  return (orderId) => {
    const record = found.get(orderId) ?? find(orderId);
    found.set(orderId, record);
    return record;
  };
};

/** By the key under which it was seen, for half a row, its mark without its contents, does not say when it was published. */
const lookAtDeadLetterAgain = async (source: AuditSource, seen: DeadLetterRow) => {
  const rows = await source.findDeadLetters(seen);
  const found = rows.find(({ reason }) => reason === seen.reason);
  return (await lookAtDeadLetter(source, found ?? seen)).violations;
};

/** Forgets what looked clean, and what is beyond the limit: the number of violations of the latter. */
const dropClean = (suspicions: Suspicion[]): number => {
  const suspected = suspicions.filter(({ violations }) => violations.length > 0);
  suspicions.splice(0, suspicions.length, ...suspected.slice(0, SUSPICIONS_MAX));
  return suspected.slice(SUSPICIONS_MAX).reduce((sum, { violations }) => sum + violations.length, 0);
};

/** Looks at what is suspected until it is clean or patience ends; what is left is true. */
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
