import type { ConsumeKind } from '../../local/consumeKinds.ts';
import type { AuditReport } from '../../shared/audit/audit.ts';
import type { AckWithoutQuorum } from './books.ts';
import { COUNTS, type Judgement } from './judgeTables.ts';
import { clockTime } from './schedule.ts';
import type { Stall } from './stallClock.ts';

const SHOWN_MAX = 10;

/** Everything that a run found. */
export interface Findings {
  readonly seed: number;
  readonly minutes: number;
  readonly consume: ConsumeKind;
  readonly trafficSeconds: number;
  readonly drainSeconds: number;
  readonly sent: number;
  readonly sentAgain: number;
  readonly accepted: number;
  readonly events: number;
  readonly taken: number;
  readonly acked: number;
  readonly nacked: number;
  readonly forwarded: number;
  /** Messages that were never acked. */
  readonly owed: number;
  readonly nodeFaults: number;
  readonly processFaults: number;
  /** How often a quorum of nodes went away while a consumer ran. */
  readonly quorumLosses: number;
  readonly longestStall: Stall;
  readonly begunWithoutQuorum: number;
  readonly nacksWithoutQuorum: number;
  readonly acksWithoutQuorum: readonly AckWithoutQuorum[];
  /** Log lines of severity ERROR that the processes wrote. */
  readonly bugs: readonly string[];
  readonly judgement: Judgement;
  readonly audit: Pick<AuditReport, 'orders' | 'paid' | 'violationCount' | 'violations'>;
}

/** One text for each thing that is wrong; empty when all is right. */
export const faultsFound = (findings: Findings): readonly string[] => {
  const { owed, judgement, audit, acksWithoutQuorum, bugs, sent, accepted, begunWithoutQuorum } = findings;
  return [
    ...(owed > 0 ? [`${owed} messages were never acked`] : []),
    ...judgement.lost.map((sentence) => `I1: ${sentence}`),
    ...judgement.wrong,
    ...acksWithoutQuorum.map(
      ({ subscription, messageId }) =>
        `I2: message ${messageId} of ${subscription} was acked while two of three nodes were down`,
    ),
    ...audit.violations.map(({ promise, detail }) => `the audit says ${promise}: ${detail}`),
    ...bugs.map((line) => `a process logged an error: ${line}`),
    ...(accepted < sent ? [`${sent} messages were sent, but Pub/Sub accepted only ${accepted}`] : []),
    ...(accepted === 0 ? ['there was no traffic, so this run proves nothing'] : []),
    ...(begunWithoutQuorum === 0 && findings.quorumLosses > 0
      ? ['no message was delivered without a quorum, so the faults tested nothing']
      : []),
  ];
};

const violationsOf = ({ judgement, audit, acksWithoutQuorum }: Findings): number =>
  audit.violationCount + judgement.wrong.length + acksWithoutQuorum.length;

/** One line for machines. */
export const toJsonLine = (findings: Findings): string => {
  const { judgement, longestStall, trafficSeconds, accepted } = findings;
  return JSON.stringify({
    seed: findings.seed,
    minutes: findings.minutes,
    consume: findings.consume,
    sent: findings.sent,
    accepted,
    perSecond: round(accepted / trafficSeconds),
    events: findings.events,
    ...judgement.counts,
    delivered: findings.acked,
    givenBack: findings.nacked,
    forwarded: findings.forwarded,
    unacked: findings.owed,
    lost: judgement.lost.length,
    violations: violationsOf(findings),
    errors: findings.bugs.length,
    faults: findings.nodeFaults + findings.processFaults,
    nodeFaults: findings.nodeFaults,
    processFaults: findings.processFaults,
    quorumLosses: findings.quorumLosses,
    deliveredWithoutQuorum: findings.begunWithoutQuorum,
    givenBackWithoutQuorum: findings.nacksWithoutQuorum,
    ackedWithoutQuorum: findings.acksWithoutQuorum.length,
    longestStallSeconds: round(longestStall.seconds),
    trafficSeconds: round(trafficSeconds),
    drainSeconds: round(findings.drainSeconds),
  });
};

/** For a person. */
export const formatFindings = (findings: Findings): string => {
  const { judgement, audit, longestStall, trafficSeconds } = findings;
  const wrong = faultsFound(findings);
  const run = `seed ${findings.seed}, --consume ${findings.consume}`;
  const lines: [string, number, string][] = [
    [
      'sent',
      findings.sent,
      `messages, all confirmed; ${findings.sentAgain} batches and requests were sent again`,
    ],
    ['accepted', findings.accepted, `by Pub/Sub, ${round(findings.accepted / trafficSeconds)} a second`],
    ['deliveries acked', findings.acked, `of ${findings.taken} copies and dead letters`],
    ['given back', findings.nacked, `${findings.nacksWithoutQuorum} of them without a quorum`],
    ['forwarded', findings.forwarded, 'by Pub/Sub, after the last attempt'],
    ['events', findings.events, 'messages with equal bytes in one millisecond are one event'],
    ...COUNTS.map((count): [string, number, string] => [`  ${count}`, judgement.counts[count], NOTES[count]]),
    ['faults survived', findings.nodeFaults + findings.processFaults, describeFaults(findings)],
    ['quorum losses', findings.quorumLosses, 'while a consumer ran'],
    [
      'longest stall',
      round(longestStall.seconds),
      `s without an ack while messages waited, until ${clockTime(longestStall.endedAtSeconds)}`,
    ],
    [
      'traffic',
      round(trafficSeconds),
      `s, then ${round(findings.drainSeconds)} s until all messages were acked`,
    ],
    ['lost', judgement.lost.length, ''],
    ['violations', violationsOf(findings), ''],
  ];
  return [
    '',
    ...lines.map(([name, value, note]) =>
      `${name.padEnd(18)}${String(value).padStart(9)}  ${note}`.trimEnd(),
    ),
    '',
    `audit: ${audit.orders} orders, ${audit.paid} paid, ${audit.violationCount} violations`,
    ...(wrong.length === 0
      ? [`RIGHT: every accepted message is kept, shown and told as promised (${run})`]
      : [
          `WRONG (${run}):`,
          ...wrong.slice(0, SHOWN_MAX).map((sentence) => `  ${sentence}`),
          ...(wrong.length > SHOWN_MAX ? [`  … and ${wrong.length - SHOWN_MAX} more`] : []),
        ]),
  ].join('\n');
};

const NOTES = {
  orders: 'orders that came',
  versions: 'versions of orders in the ledger',
  payments: 'payment events in the ledger',
  malformed: 'malformed messages, kept as dead letters',
  conflicts: 'orders that are paid by several payments',
  changed: 'payments with contents that contradict each other',
  rivals: 'orders with two newest versions',
  waiting: 'payments whose order never came',
  told: 'dead letters that report something about an order',
};

const describeFaults = ({ nodeFaults, processFaults }: Findings): string =>
  `${nodeFaults} of nodes, ${processFaults} of other processes`;

const round = (value: number): number => Math.round(value * 10) / 10;
