import { describe, expect, it } from 'vitest';
import { formatReport, toJsonReport } from '../../cli/formatReport.ts';
import type { AuditReport } from '../../shared/audit/audit.ts';
import { CLEAN, EMPTY_COUNTS } from '../support/audit/auditReport.ts';

const REPORT: AuditReport = {
  ...EMPTY_COUNTS,
  ...CLEAN,
  orders: 80,
  statuses: { succeeded: 79, refunded: 0, pending: 0, unknown: 0, failed: 0 },
  paid: 79,
  unpaid: 1,
  payments: 500,
  matched: 80,
  repeats: 3,
  deadLetters: { unmatched: 421, invalid: 7, conflict: 0, changed: 0, rivals: 0, too_many: 0 },
  openDeadLetters: 420,
};

const BIG = 9_007_199_254_740_993n;
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

/** The table's rows by name: value and note. */
const rowsOf = (report: AuditReport): Map<string, string> =>
  new Map(
    formatReport(report)
      .split('\n')
      .map((line) => [line.slice(0, 18).trim(), line.slice(18).trim()]),
  );

const violation = (number: number) => ({
  promise: 'I3' as const,
  detail: `order ${number} is broken`,
  orderId: BigInt(number),
  mayBeInProgress: true,
});

describe('a report for a person', () => {
  it('is a table of what the tables hold', () => {
    expect(formatReport(REPORT)).toBe(
      [
        'orders                  80',
        '  paid                  79  a payment succeeded',
        '  unpaid                 1  without a payment',
        'payments               500',
        '  matched               80  their order is here',
        '  parked                 0  their order has not come',
        'repeats                  3  payments published again, at a later time',
        'conflict                 0  orders that are paid by more than one payment',
        'changed                  0  payment ids with contents that contradict each other',
        'rivals                   0  orders with different versions of the same time',
        'dead letters           421  unmatched: payments that came before their order',
        '                         7  invalid: messages that are neither an order nor a payment',
        '  open                 420  what they report still stands, and nobody has decided',
        'violations               0  broken promises',
      ].join('\n'),
    );
  });

  it('breaks a line between words, and keeps the columns, where a terminal is narrow', () => {
    const lines = formatReport(REPORT, 60).split('\n');

    expect(lines.slice(8, 10)).toEqual([
      'conflict                 0  orders that are paid by more',
      '                            than one payment',
    ]);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(60);
  });

  it('has more lines where there is more to say', () => {
    const rows = rowsOf({
      ...REPORT,
      statuses: { succeeded: 79, refunded: 1, pending: 2, unknown: 3, failed: 4 },
      discarded: 5,
      ids: { ...REPORT.ids, refunded: [2n], pending: [3n, 4n], discarded: [BIG], clocksRefused: [9n] },
      reused: 1,
      reusedOrderIds: [BIG],
      refundedApart: 6,
      clocksRefused: 7,
      cut: 1,
      cutOrderIds: [8n],
      unknownStatusWords: ['frozen', '\u001b[2J'],
      findings: { conflict: 0, changed: 0, rivals: 0, too_many: 1 },
      findingOrderIds: { conflict: [], changed: [], rivals: [], too_many: [8n] },
      suspectedCount: 1,
      suspected: [violation(9)],
    });

    expect(Object.fromEntries(rows)).toMatchObject({
      refunded: '1  the payment was given back: 2',
      pending: '2  the payment is not final: 3, 4',
      unknown: '3  the payment says a word that Tally does not know',
      failed: '4  every attempt has failed',
      reused: `1  their versions name different customers: ${BIG}`,
      cut: '1  too long to be read as a whole: 8',
      discarded: `5  their order has not come, and somebody has discarded them; orders: ${BIG}`,
      'refunds apart': '6  orders with a refund under an id of its own',
      'clocks refused': '7  events with a time too far ahead to be believed; orders: 9',
      'unknown words': '2  in payment_status: "frozen", "\\u{1b}[2J"',
      too_many: '1  orders with too many payment events or versions of one time, or too much text: 8',
      suspected: '1  broken or in progress: only a later look can tell',
    });
  });

  it('names the orders that parked payments wait for, each once, and the oldest age even where it is cut', () => {
    const parkedPayments = [
      { orderId: BIG, paymentId: 1n, ageSeconds: 90 },
      { orderId: BIG, paymentId: 2n, ageSeconds: 80 },
      { orderId: 82n, paymentId: 3n, ageSeconds: 70 },
    ];

    const rows = rowsOf({ ...REPORT, parked: 4_200, parkedPayments, oldestParkedSeconds: 90 });

    expect(rows.get('parked')).toBe(
      `4200  their order has not come, the oldest has waited 90 s; orders: ${BIG}, 82`,
    );
  });

  it('shows ten ids of a list, and that there are more', () => {
    const rows = rowsOf({
      ...REPORT,
      findings: { conflict: 11, changed: 10, rivals: 0, too_many: 0 },
      findingOrderIds: {
        conflict: numbers(11).map(BigInt),
        changed: numbers(10).map(BigInt),
        rivals: [],
        too_many: [],
      },
    });

    expect(rows.get('conflict')).toBe(
      '11  orders that are paid by more than one payment: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, …',
    );
    expect(rows.get('changed')).toBe(
      '10  payment ids with contents that contradict each other: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10',
    );
  });

  it('lists violations by the promise that they break, and says how many it leaves out', () => {
    const violations = numbers(12).map(violation);

    const lines = formatReport({ ...REPORT, violationCount: 5_000, violations }).split('\n');

    const from = lines.indexOf('violations            5000  broken promises');
    expect(lines.slice(from + 1)).toEqual([
      'violations:',
      ...numbers(10).map((number) => `  I3: order ${number} is broken`),
      '  … and 4990 more',
    ]);
  });

  it('lists what is suspected apart from that', () => {
    const text = formatReport({
      ...REPORT,
      suspectedCount: 1,
      suspected: [violation(1)],
      violationCount: 1,
      violations: [violation(2)],
    });

    expect(text).toContain('suspected:\n  I3: order 1 is broken\nviolations:\n  I3: order 2 is broken');
  });

  it('shows what is lost and what else is not as expected', () => {
    const unmet = ['lost: order 9 is stored', 'wrong: order 1 has no payment'];

    const text = formatReport({ ...REPORT, expectation: { lost: 1, unmet } });

    expect(text).toContain('lost                     1  published, but in no table\n');
    expect(
      text.endsWith('not as expected:\n  lost: order 9 is stored\n  wrong: order 1 has no payment'),
    ).toBe(true);
  });

  it('shows that nothing is lost when everything is as expected', () => {
    const text = formatReport({ ...REPORT, expectation: { lost: 0, unmet: [] } });

    expect(text).toContain('lost                     0  published, but in no table\n');
    expect(text).not.toContain('not as expected');
  });
});

describe('a report for machines', () => {
  it('is one line of JSON with 64-bit ids as strings', () => {
    const json = toJsonReport({
      ...REPORT,
      parked: 1,
      parkedPayments: [{ orderId: BIG, paymentId: 2n ** 63n - 1n, ageSeconds: 90 }],
      oldestParkedSeconds: 90,
      findingOrderIds: { conflict: [BIG], changed: [], rivals: [], too_many: [] },
      violationCount: 2_000,
      violations: [
        { promise: 'I1', detail: 'a line\nand another', orderId: undefined, mayBeInProgress: false },
      ],
      suspectedCount: 1,
      suspected: [violation(1)],
      expectation: { lost: 1, unmet: ['lost: order 9 is stored'] },
    });

    expect(json).not.toContain('\n');
    expect(JSON.parse(json)).toMatchObject({
      orders: 80,
      parked_payments: [{ order_id: `${BIG}`, payment_id: '9223372036854775807', age_seconds: 90 }],
      oldest_parked_seconds: 90,
      finding_order_ids: { conflict: [`${BIG}`] },
      violations: 2_000,
      violation_details: [{ promise: 'I1', detail: 'a line\nand another' }],
      suspected: 1,
      suspected_details: [{ promise: 'I3', detail: 'order 1 is broken', order_id: '1' }],
      lost: 1,
      unmet: ['lost: order 9 is stored'],
    });
  });

  it('has null where nothing is parked and nothing was expected', () => {
    expect(JSON.parse(toJsonReport(REPORT))).toMatchObject({
      oldest_parked_seconds: null,
      lost: null,
      unmet: null,
    });
  });
});
