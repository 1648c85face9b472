import type { AckWithoutQuorum } from './books.ts';
import { BUCKETS, type Buckets } from './sortIntoBuckets.ts';
import type { AuditVerdict } from './runAudit.ts';
import { clockTime } from './schedule.ts';
import type { Stall } from './stallClock.ts';

const SHOWN_MAX = 10;

/** Everything that a run found. */
export interface Findings {
  readonly seed: number;
  readonly minutes: number;
  readonly trafficSeconds: number;
  readonly drainSeconds: number;
  readonly sent: number;
  readonly askedAgain: number;
  readonly accepted: number;
  readonly events: number;
  readonly taken: number;
  readonly acked: number;
  readonly nacked: number;
  readonly forwarded: number;
  /** Messages that were never acked. */
  readonly owed: number;
  readonly nodeFaults: number;
  readonly functionFaults: number;
  readonly longestStall: Stall;
  readonly begunWithoutQuorum: number;
  readonly nacksWithoutQuorum: number;
  readonly acksWithoutQuorum: readonly AckWithoutQuorum[];
  /** Log lines of severity ERROR that functions wrote. */
  readonly bugs: readonly string[];
  readonly buckets: Buckets;
  readonly audit: AuditVerdict;
}

/** One text for each thing that is wrong; empty when all is right. */
export const faultsFound = (findings: Findings): readonly string[] => {
  const { owed, buckets, audit, acksWithoutQuorum, bugs, sent, accepted, begunWithoutQuorum } = findings;
  return [
    ...(owed > 0 ? [`${owed} messages were never acked`] : []),
    ...buckets.lost.map(({ topic, eventId }) => `lost: event ${eventId} of ${topic} is in no bucket`),
    ...buckets.twice.map(
      ({ topic, eventId }) =>
        `I1: event ${eventId} of ${topic} is in more than one bucket: ${[...buckets.bucketsOf(eventId)].join(', ')}`,
    ),
    ...buckets.strangers.map((eventId) => `I1: event ${eventId} is in the ledger, but nobody published it`),
    ...acksWithoutQuorum.map(
      ({ subscription, messageId }) =>
        `I2: message ${messageId} of ${subscription} was acked while two of three nodes were down`,
    ),
    ...audit.violationDetails.map(({ invariant, detail }) => `${invariant}: ${detail}`),
    ...audit.unmet,
    ...bugs.map((line) => `a function logged an error: ${line}`),
    ...(accepted < sent ? [`${sent} messages were sent, but Pub/Sub accepted only ${accepted}`] : []),
    ...(accepted === 0 ? ['there was no traffic, so this run proves nothing'] : []),
    ...(begunWithoutQuorum === 0 && findings.nodeFaults >= NODE_FAULTS_PER_ROUND
      ? ['no message was delivered without a quorum, so the faults tested nothing']
      : []),
  ];
};

/** Of this many faults of nodes, one strikes two nodes, which takes the quorum away. */
const NODE_FAULTS_PER_ROUND = 3;

/** Messages in no bucket. Two counts know them, by the books and by the audit; the larger one is reported. */
const lostOf = ({ buckets, audit }: Findings): number => Math.max(buckets.lost.length, audit.lost);

const violationsOf = ({ buckets, audit, acksWithoutQuorum }: Findings): number =>
  audit.violations +
  (audit.unmet.length - audit.lost) +
  buckets.twice.length +
  buckets.strangers.length +
  acksWithoutQuorum.length;

/** One line for machines. */
export const toJsonLine = (findings: Findings): string => {
  const { buckets, audit, longestStall, trafficSeconds, accepted } = findings;
  return JSON.stringify({
    seed: findings.seed,
    minutes: findings.minutes,
    sent: findings.sent,
    accepted,
    perSecond: round(accepted / trafficSeconds),
    events: findings.events,
    ...buckets.counts,
    delivered: findings.acked,
    givenBack: findings.nacked,
    forwarded: findings.forwarded,
    unacked: findings.owed,
    lost: lostOf(findings),
    violations: violationsOf(findings),
    errors: findings.bugs.length,
    unmet: audit.unmet.length,
    faults: findings.nodeFaults + findings.functionFaults,
    nodeFaults: findings.nodeFaults,
    functionFaults: findings.functionFaults,
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
  const { buckets, audit, longestStall, trafficSeconds } = findings;
  const wrong = faultsFound(findings);
  const lines: [string, number, string][] = [
    [
      'sent',
      findings.sent,
      `messages, in batches that the simulator answered; ${findings.askedAgain} batches were requested again`,
    ],
    ['accepted', findings.accepted, `by Pub/Sub, ${round(findings.accepted / trafficSeconds)} a second`],
    ['deliveries acked', findings.acked, `of ${findings.taken} copies and dead letters`],
    ['given back', findings.nacked, `${findings.nacksWithoutQuorum} of them without a quorum`],
    ['forwarded', findings.forwarded, 'by Pub/Sub, after the last attempt'],
    ['events', findings.events, 'messages with equal bytes in one millisecond are one event'],
    ...BUCKETS.map((bucket): [string, number, string] => [
      `  ${bucket}`,
      buckets.counts[bucket],
      NOTES[bucket],
    ]),
    ['faults survived', findings.nodeFaults + findings.functionFaults, describeFaults(findings)],
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
    ['lost', lostOf(findings), ''],
    ['violations', violationsOf(findings), ''],
  ];
  return [
    '',
    ...lines.map(([name, value, note]) =>
      `${name.padEnd(18)}${String(value).padStart(9)}  ${note}`.trimEnd(),
    ),
    '',
    `tally audit --expect: ${audit.orders} orders, ${audit.paid} paid, ${audit.payments} payments, ${audit.parked} parked, ` +
      `${audit.conflicts} conflicts, ${audit.repeats} repeats; exit code ${audit.exitCode}`,
    ...(wrong.length === 0
      ? [`RIGHT: every accepted message is in exactly one bucket (seed ${findings.seed})`]
      : [
          `WRONG (seed ${findings.seed}):`,
          ...wrong.slice(0, SHOWN_MAX).map((sentence) => `  ${sentence}`),
          ...(wrong.length > SHOWN_MAX ? [`  … and ${wrong.length - SHOWN_MAX} more`] : []),
        ]),
  ].join('\n');
};

const NOTES = {
  stored: 'orders in their row',
  shown: 'payments that their order shows',
  beside: 'payments kept in the ledger, because the order shows another one',
  parked: 'payments that wait for their order',
  invalid: 'malformed messages, kept as dead letters',
};

const describeFaults = ({ nodeFaults, functionFaults }: Findings): string =>
  `${nodeFaults} of nodes, ${functionFaults} of functions`;

const round = (value: number): number => Math.round(value * 10) / 10;
