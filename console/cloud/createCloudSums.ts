import { FINDING_REASONS, type FindingReason } from '../../shared/domain/finding.ts';
import type { Sum, Sums } from '../contract.ts';
import type { SumsSource } from '../sums/liveSums.ts';
import { violationsOf } from '../sums/violationsOf.ts';
import type { AuditLine, AuditPass } from './readAuditPass.ts';
import { createPoll } from './createPoll.ts';

interface CloudSumsOptions {
  /** Undefined: no pass of the audit has come to its end lately. */
  readonly readPass: (nowMs: number) => Promise<AuditPass | undefined>;
  readonly clock: () => number;
  readonly everyMs?: number;
}

interface CloudSums extends SumsSource {
  /** Changes whenever they have been read anew, or in vain. Who asks for it looks, so they are read. */
  readonly version: () => number;
  readonly stop: () => Promise<void>;
}

/**
 * The sums of an environment of Google Cloud: what the scheduled audit counted in its newest whole pass, with
 * its time. Nobody knows there what was published, so nobody can say that nothing is lost.
 */
export const createCloudSums = ({ readPass, clock, everyMs }: CloudSumsOptions): CloudSums => {
  let latest: Sums = { ...UNKNOWN, progress: { done: 0, of: 1 } };
  const poll = createPoll({
    clock,
    ...(everyMs === undefined ? {} : { everyMs }),
    work: async () => {
      const pass = await readPass(clock());
      latest = pass === undefined ? { ...UNKNOWN, problem: NO_PASS } : toSums(pass);
    },
  });
  return {
    sums: () => {
      poll.wanted();
      const problem = poll.problem();
      return problem === null ? latest : { ...latest, problem };
    },
    version: () => {
      poll.wanted();
      return poll.ended();
    },
    ids: () => undefined,
    again: poll.again,
    stop: poll.stop,
  };
};

const NO_PASS = 'no pass of the scheduled audit has come to its end in the last seven days';
/** What no line says. */
const UNKNOWN: Sums = {
  countedAtMs: 0,
  version: null,
  progress: null,
  sums: [],
  lost: null,
  ...violationsOf(null),
  passAtMs: null,
  needsPerson: [],
  waiting: { count: 0, oldestMs: null },
  findings: { open: 0, resolved: null },
  deadLetters: { total: null, open: 0 },
  rows: {},
  problem: null,
};

const WHAT: Readonly<Record<FindingReason, string>> = {
  conflict: 'more than one payment says paid',
  changed: 'one payment, two contents',
  rivals: 'two versions at one time',
  too_many: 'too many events',
};

const toSums = ({ lines, finishedAtMs, isCut }: AuditPass): Sums => {
  const sumOf = (valueOf: (line: AuditLine) => number): number =>
    lines.reduce((sum, line) => sum + valueOf(line), 0);
  return {
    ...UNKNOWN,
    countedAtMs: finishedAtMs,
    passAtMs: finishedAtMs,
    sums: [ordersSum(sumOf, isCut)],
    ...violationsOf(
      sumOf((line) => line.violations),
      isCut,
    ),
    needsPerson: FINDING_REASONS.flatMap((reason) => {
      const open = sumOf((line) => line.findings[reason]);
      return open === 0 ? [] : [{ reason, open, what: WHAT[reason], oldestMs: null }];
    }),
    waiting: {
      count: sumOf((line) => line.parked),
      oldestMs: oldestOf(lines),
    },
    findings: {
      open: sumOf((line) => FINDING_REASONS.reduce((sum, reason) => sum + line.findings[reason], 0)),
      resolved: null,
    },
    deadLetters: { total: null, open: sumOf((line) => line.open_dead_letters) },
    rows: { orders_payments_facts: sumOf((line) => line.orders) },
  };
};

/** An age is that of a moment at most a minute before its line was written. A pass may take hours. */
const oldestOf = (lines: readonly AuditLine[]): number | null => {
  const sinceMs = lines.flatMap(({ atMs, oldest_parked_seconds: seconds }) =>
    seconds === null ? [] : [atMs - seconds * 1_000],
  );
  return sinceMs.length === 0 ? null : Math.min(...sinceMs);
};

/** The terms and the total are counted apart, from the same rows. */
const ordersSum = (sumOf: (valueOf: (line: AuditLine) => number) => number, isCut: boolean): Sum => {
  const total = sumOf((line) => line.orders);
  const counted: readonly (readonly [string, number])[] = [
    ['paid', sumOf((line) => line.statuses.succeeded)],
    ['refunded', sumOf((line) => line.statuses.refunded)],
    ['pending', sumOf((line) => line.statuses.pending)],
    ['unknown', sumOf((line) => line.statuses.unknown)],
    ['failed', sumOf((line) => line.statuses.failed)],
    ['no payment yet', sumOf((line) => line.unpaid)],
  ];
  const offBy = total - counted.reduce((sum, [, count]) => sum + count, 0);
  const off = `${Math.abs(offBy)} ${offBy > 0 ? 'are in no line above' : 'are in two lines'}`;
  return {
    name: 'orders',
    terms: counted.map(([name, count]) => ({ name, count, note: '', state: null, ids: false })),
    total,
    offBy: isCut ? null : offBy,
    why: isCut ? 'the pass has more log lines than are read, or older ones' : offBy === 0 ? null : off,
    note: '',
  };
};
