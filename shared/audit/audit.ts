import { setTimeout as delay } from 'node:timers/promises';
import type { AuditSource, DeadLetterRow, OrderRecord } from '../store/auditSource.ts';
import { type AuditCounts, createAuditCounts, LISTED_MAX } from './auditCounts.ts';
import { chunks } from './chunks.ts';
import { createExpectationCheck, type Expectation, type ExpectationResult } from './expectation.ts';
import type { OrderInspection } from './inspectOrder.ts';
import { lookAgain, type Suspicion } from './look.ts';
import { judge, type Violation } from './violation.ts';
import { walk } from './walk.ts';

/** The first wait between two looks, and the longest: each wait is twice as long as the one before. */
const LOOK_AGAIN_AFTER_MS = 1_000;
const LOOK_AGAIN_AFTER_MAX_MS = 30_000;
/** How many suspicions are looked at again at the same time. */
const AGAIN_AT_ONCE = 8;

export interface AuditReport extends AuditCounts {
  readonly violationCount: number;
  readonly violations: readonly Violation[];
  /** What is broken or in progress: nobody has looked at it for long enough to tell. */
  readonly suspectedCount: number;
  readonly suspected: readonly Violation[];
  /** Undefined when nothing was expected. */
  readonly expectation: ExpectationResult | undefined;
}

interface AuditOptions {
  readonly expectation?: Expectation | undefined;
  /** How long the audit looks again at what seems wrong, before it reports it. 5,000 ms when left out. */
  readonly patienceMs?: number;
  /**
   * How long a message may be on its way: see `IN_PROGRESS_MAX_MS`. What a message may still make right is
   * broken when it was seen for so long. 0 when left out: then all messages are known to be settled, and
   * nothing is in progress.
   */
  readonly inProgressMs?: number;
  /** Returns milliseconds since the epoch. `Date.now` when left out. */
  readonly clock?: () => number;
  /** Called now and then with the number of rows that have been read. */
  readonly onProgress?: (rows: number) => void;
  /** Called for each order and each dead letter, so that a list of all of them needs no memory. */
  readonly onOrder?: (inspection: OrderInspection, record: OrderRecord) => void;
  readonly onDeadLetter?: (row: DeadLetterRow, isOpen: boolean) => void;
}

/** The most suspicions that are kept and looked at again. Those beyond them are counted after one look. */
const SUSPICIONS_MAX = 10_000;

interface Suspected extends Suspicion {
  readonly firstSeenAtMs: number;
}

/**
 * Reads all tables once. Reports what they hold and which promises they break. Its memory is bounded by a
 * step of the walk, the limits of the lists, the suspicions and the expectation.
 * @throws what the source throws when it cannot be read.
 */
export const audit = async (source: AuditSource, options: AuditOptions = {}): Promise<AuditReport> => {
  const { expectation, patienceMs = 5_000, inProgressMs = 0, clock = Date.now, onProgress } = options;
  const check = expectation && createExpectationCheck(expectation);
  const counted = createAuditCounts(clock());
  const suspected: Suspected[] = [];
  const judgements = createJudgements(inProgressMs);
  let rows = 0;

  for await (const { orders, deadLetters, suspicions } of walk(source)) {
    for (const { record, inspection } of orders) {
      check?.sawOrder(record);
      counted.addOrder(inspection);
      options.onOrder?.(inspection, record);
    }
    for (const { row, isOpen } of deadLetters) {
      counted.addDeadLetter(row.reason, isOpen);
      options.onDeadLetter?.(row, isOpen);
      // One payload at a time, because each may have a megabyte.
      if (check?.sawDeadLetter(row)) check.sawPayload(await source.findPayload(row, row.reason));
    }
    for (const { subject, violations } of suspicions) {
      const firstSeenAtMs = clock();
      if (suspected.length < SUSPICIONS_MAX) suspected.push({ subject, violations, firstSeenAtMs });
      else judgements.add(violations, violations, 0);
    }
    rows += orders.length + deadLetters.length;
    onProgress?.(rows);
  }

  await confirm(source, suspected, { patienceMs, clock, judgements });
  return { ...counted.counts(), ...judgements.result(), expectation: check?.result() };
};

type Judgements = ReturnType<typeof createJudgements>;

/** Sums up what is broken and what may be in progress. */
const createJudgements = (inProgressMs: number) => {
  const [violations, suspected]: [Violation[], Violation[]] = [[], []];
  const counts = { violationCount: 0, suspectedCount: 0 };
  return {
    add: (first: readonly Violation[], last: readonly Violation[], apartMs: number): void => {
      const judged = judge({ first, last, apartMs, inProgressMs });
      counts.violationCount += judged.broken.length;
      counts.suspectedCount += judged.suspected.length;
      violations.push(...judged.broken.slice(0, LISTED_MAX - violations.length));
      suspected.push(...judged.suspected.slice(0, LISTED_MAX - suspected.length));
    },
    result: () => ({ ...counts, violations, suspected }),
  };
};

interface Patience {
  readonly patienceMs: number;
  readonly clock: () => number;
  readonly judgements: Judgements;
}

/** Looks again until every suspicion is clean or `patienceMs` is over, and judges the rest. */
const confirm = async (
  source: AuditSource,
  suspected: readonly Suspected[],
  { patienceMs, clock, judgements }: Patience,
): Promise<void> => {
  let left = suspected.map((suspicion) => ({
    ...suspicion,
    last: suspicion.violations,
    lastSeenAtMs: suspicion.firstSeenAtMs,
  }));
  let waitMs = LOOK_AGAIN_AFTER_MS;
  for (let waitedMs = 0; waitedMs < patienceMs && left.length > 0; waitedMs += waitMs) {
    waitMs = Math.min(waitedMs === 0 ? waitMs : 2 * waitMs, LOOK_AGAIN_AFTER_MAX_MS, patienceMs - waitedMs);
    await delay(waitMs);
    const again: typeof left = [];
    for await (const together of chunks(left, { size: AGAIN_AT_ONCE })) {
      again.push(
        ...(await Promise.all(
          together.map(async (suspicion) => ({
            ...suspicion,
            last: await lookAgain(source, suspicion.subject),
            lastSeenAtMs: clock(),
          })),
        )),
      );
    }
    left = again.filter(({ last }) => last.length > 0);
  }
  for (const { violations, last, firstSeenAtMs, lastSeenAtMs } of left) {
    judgements.add(violations, last, lastSeenAtMs - firstSeenAtMs);
  }
};
