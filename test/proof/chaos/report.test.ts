import { describe, expect, it } from 'vitest';
import { type Findings, faultsFound, formatFindings, toJsonLine } from '../../../proof/chaos/report.ts';

const RIGHT: Findings = {
  seed: 7,
  minutes: 3,
  trafficSeconds: 180,
  drainSeconds: 9,
  sent: 7000,
  askedAgain: 3,
  accepted: 7200,
  events: 7190,
  taken: 9000,
  acked: 9000,
  nacked: 800,
  forwarded: 0,
  owed: 0,
  nodeFaults: 6,
  functionFaults: 15,
  longestStall: { seconds: 17.26, endedAtSeconds: 78 },
  begunWithoutQuorum: 120,
  nacksWithoutQuorum: 100,
  acksWithoutQuorum: [],
  bugs: [],
  buckets: {
    counts: { stored: 3500, shown: 3300, beside: 150, parked: 140, invalid: 100 },
    lost: [],
    twice: [],
    strangers: [],
    bucketsOf: () => new Set(['stored', 'invalid']),
  },
  audit: {
    exitCode: 0,
    orders: 3200,
    paid: 3000,
    payments: 3300,
    parked: 140,
    conflicts: 150,
    repeats: 400,
    violations: 0,
    violationDetails: [],
    lost: 0,
    unmet: [],
  },
};
const EVENT = {
  eventId: 'e1',
  topic: 'orders_data',
  orderId: 1,
  content: undefined,
  body: 'body',
} as const;
const ACK = { subscription: 'orders_data-sub', messageId: '17', eventId: 'e1' };

const buckets = (changes: Partial<Findings['buckets']>) => ({ buckets: { ...RIGHT.buckets, ...changes } });
const audit = (changes: Partial<Findings['audit']>) => ({ audit: { ...RIGHT.audit, ...changes } });

describe('the report of a run', () => {
  it('finds nothing wrong when all is right', () => {
    expect(faultsFound(RIGHT)).toEqual([]);
    expect(formatFindings(RIGHT)).toContain(
      'RIGHT: every accepted message is in exactly one bucket (seed 7)',
    );
    expect(formatFindings(RIGHT)).toMatch(/^longest stall\s+17\.3 {2}s without an ack, at 01:18$/m);
    expect(JSON.parse(toJsonLine(RIGHT))).toMatchObject({
      sent: 7000,
      accepted: 7200,
      lost: 0,
      violations: 0,
      faults: 21,
      longestStallSeconds: 17.3,
    });
  });

  it.for<[string, Partial<Findings>, object]>([
    ['a message that was never acked', { owed: 2 }, { unacked: 2 }],
    ['an event in no bucket', buckets({ lost: [EVENT] }), { lost: 1 }],
    ['an event in two', buckets({ twice: [EVENT] }), { violations: 1 }],
    ['a payment that nobody published', buckets({ strangers: ['e2'] }), { violations: 1 }],
    ['an ack without a quorum', { acksWithoutQuorum: [ACK] }, { ackedWithoutQuorum: 1, violations: 1 }],
    ['a line of severity ERROR', { bugs: ['onOrder: {}'] }, { errors: 1 }],
    [
      'a violation that the audit found',
      audit({ violations: 1, violationDetails: [{ invariant: 'I3', detail: 'not joined' }] }),
      { violations: 1 },
    ],
    [
      'what the simulator’s answer misses',
      audit({ lost: 1, unmet: ['lost: order 1 is stored'] }),
      { lost: 1 },
    ],
    ['what is not as the simulator expects', audit({ unmet: ['wrong: unpaid'] }), { violations: 1 }],
    ['more sent than accepted', { accepted: 6999 }, {}],
    ['no traffic', { sent: 0, accepted: 0 }, {}],
    ['faults that did not bite', { begunWithoutQuorum: 0 }, {}],
  ])('is wrong for %s', ([, changes, counted]) => {
    const findings = { ...RIGHT, ...changes };

    expect(faultsFound(findings)).toHaveLength(1);
    expect(formatFindings(findings)).toContain('WRONG (seed 7):');
    expect(JSON.parse(toJsonLine(findings))).toMatchObject(counted);
  });
});
