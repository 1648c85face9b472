import { describe, expect, it } from 'vitest';
import { type Findings, faultsFound, formatFindings, toJsonLine } from '../../../proof/chaos/findings.ts';

const RIGHT: Findings = {
  seed: 7,
  minutes: 3,
  consume: 'pull',
  trafficSeconds: 180,
  drainSeconds: 9,
  sent: 7000,
  sentAgain: 3,
  accepted: 7200,
  events: 7190,
  taken: 9000,
  acked: 9000,
  nacked: 800,
  forwarded: 0,
  owed: 0,
  nodeFaults: 6,
  processFaults: 15,
  quorumLosses: 2,
  longestStall: { seconds: 17.26, endedAtSeconds: 78 },
  begunWithoutQuorum: 120,
  nacksWithoutQuorum: 100,
  acksWithoutQuorum: [],
  bugs: [],
  judgement: {
    counts: {
      orders: 3200,
      versions: 3500,
      payments: 3600,
      malformed: 90,
      conflicts: 150,
      changed: 20,
      rivals: 20,
      waiting: 140,
      told: 400,
    },
    lost: [],
    wrong: [],
  },
  audit: { orders: 3200, paid: 3000, violationCount: 0, violations: [] },
};
const ACK = { subscription: 'orders_data-sub', messageId: '17' };

const judged = (changes: Partial<Findings['judgement']>) => ({
  judgement: { ...RIGHT.judgement, ...changes },
});
const violation = { promise: 'I3', detail: 'not joined', orderId: 1n, mayBeInProgress: false } as const;

describe('the findings of a run', () => {
  it('are right when nothing is wrong', () => {
    expect(faultsFound(RIGHT)).toEqual([]);
    expect(formatFindings(RIGHT)).toContain(
      'RIGHT: every accepted message is kept, shown and told as promised (seed 7, --consume pull)',
    );
    expect(formatFindings(RIGHT)).toMatch(
      /^longest stall\s+17\.3 {2}s without an ack while messages waited, until 01:18$/m,
    );
    expect(JSON.parse(toJsonLine(RIGHT))).toMatchObject({
      consume: 'pull',
      sent: 7000,
      accepted: 7200,
      lost: 0,
      violations: 0,
      faults: 21,
      quorumLosses: 2,
      longestStallSeconds: 17.3,
    });
  });

  it('are right without a delivery without a quorum when no consumer ran meanwhile', () => {
    const findings = { ...RIGHT, quorumLosses: 0, begunWithoutQuorum: 0 };

    expect(faultsFound(findings)).toEqual([]);
    expect(formatFindings(findings)).toMatch(/^quorum losses\s+0 {2}while a consumer ran$/m);
  });

  it.for<[string, Partial<Findings>, object]>([
    ['a message that was never acked', { owed: 2 }, { unacked: 2 }],
    ['a message that is nowhere', judged({ lost: ['a message'] }), { lost: 1 }],
    ['an order that is not as promised', judged({ wrong: ['I6: nobody was told'] }), { violations: 1 }],
    ['an ack without a quorum', { acksWithoutQuorum: [ACK] }, { ackedWithoutQuorum: 1, violations: 1 }],
    ['a line of severity ERROR', { bugs: ['onOrder: {}'] }, { errors: 1 }],
    [
      'a violation that the audit found',
      { audit: { ...RIGHT.audit, violationCount: 1, violations: [violation] } },
      { violations: 1 },
    ],
    ['more messages sent than accepted', { accepted: 6999 }, {}],
    ['no traffic', { sent: 0, accepted: 0 }, {}],
    ['faults that tested nothing', { begunWithoutQuorum: 0 }, {}],
  ])('are wrong with %s', ([, changes, counted]) => {
    const findings = { ...RIGHT, ...changes };

    expect(faultsFound(findings)).toHaveLength(1);
    expect(formatFindings(findings)).toContain('WRONG (seed 7, --consume pull):');
    expect(JSON.parse(toJsonLine(findings))).toMatchObject(counted);
  });
});
