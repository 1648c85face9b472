import { describe, expect, it } from 'vitest';
import { formatReport, toJsonReport } from '../../cli/formatReport.ts';
import type { AuditReport } from '../../shared/audit/audit.ts';

const CLEAN: AuditReport = {
  orders: 80,
  paid: 79,
  unpaid: 1,
  payments: 500,
  matched: 80,
  parked: 0,
  parkedPayments: [],
  oldestParkedSeconds: undefined,
  conflicts: 0,
  conflictOrderIds: [],
  changed: 0,
  changedPayments: [],
  repeats: 3,
  deadLetters: { unmatched: 421, invalid: 7, conflict: 1 },
  openDeadLetters: 420,
  violationCount: 0,
  violations: [],
  expectation: undefined,
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

describe('a report for a person', () => {
  it('is a table of what the tables hold', () => {
    expect(formatReport(CLEAN)).toBe(
      [
        'orders                  80',
        '  paid                  79  with a payment',
        '  unpaid                 1  without a payment',
        'payments               500',
        '  matched               80  their order is here',
        '  parked                 0  their order has not come',
        'conflicts                0  orders with more than one payment',
        'changed payments         0  one id, different contents',
        'repeats                  3  the same payment, received again',
        'dead letters           421  unmatched: payments not joined at once; 420 still wait for their order',
        '                         7  invalid: messages that are no order and no payment',
        '                         1  conflict: payments for an order that had another payment',
        'violations               0  broken promises',
      ].join('\n'),
    );
  });

  it('names the orders that parked payments wait for, each once, and the oldest age even where it is cut', () => {
    const parkedPayments = [
      { orderId: BIG, paymentId: 1n, ageSeconds: 90 },
      { orderId: BIG, paymentId: 2n, ageSeconds: 80 },
      { orderId: 82n, paymentId: 3n, ageSeconds: 70 },
    ];

    const rows = rowsOf({ ...CLEAN, parked: 4_200, parkedPayments, oldestParkedSeconds: 90 });

    expect(rows.get('parked')).toBe(
      `4200  their order has not come, the oldest has waited 90 s; orders: ${BIG}, 82`,
    );
  });

  it('shows ten ids of a list, and that there are more', () => {
    const rows = rowsOf({
      ...CLEAN,
      conflicts: 11,
      conflictOrderIds: numbers(11).map(BigInt),
      changed: 10,
      changedPayments: numbers(10).map((number) => ({ orderId: 1n, paymentId: BigInt(number) })),
    });

    expect(rows.get('conflicts')).toBe(
      '11  orders with more than one payment: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, …',
    );
    expect(rows.get('changed payments')).toBe(
      '10  one id, different contents: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10',
    );
  });

  it('lists violations by the promise that they break, and says how many it leaves out', () => {
    const violations = numbers(12).map((number) => ({
      invariant: 'I3' as const,
      detail: `order ${number} is broken`,
      orderId: BigInt(number),
    }));

    const lines = formatReport({ ...CLEAN, violationCount: 5_000, violations }).split('\n');

    const from = lines.indexOf('violations            5000  broken promises');
    expect(lines.slice(from + 1)).toEqual([
      ...numbers(10).map((number) => `  I3: order ${number} is broken`),
      '  … and 4990 more',
    ]);
  });

  it('shows what is lost and what else is not as expected', () => {
    const unmet = ['lost: order 9 is stored', 'wrong: order 1 has no payment'];

    const text = formatReport({ ...CLEAN, expectation: { lost: 1, unmet } });

    expect(text).toContain('lost                     1  published, but in no table\n');
    expect(
      text.endsWith('not as expected:\n  lost: order 9 is stored\n  wrong: order 1 has no payment'),
    ).toBe(true);
  });

  it('shows that nothing is lost when everything is as expected', () => {
    const text = formatReport({ ...CLEAN, expectation: { lost: 0, unmet: [] } });

    expect(text).toContain('lost                     0  published, but in no table\n');
    expect(text).not.toContain('not as expected');
  });
});

describe('a report for machines', () => {
  it('is one line of JSON with 64-bit ids as strings', () => {
    const json = toJsonReport({
      ...CLEAN,
      parked: 1,
      parkedPayments: [{ orderId: BIG, paymentId: 2n ** 63n - 1n, ageSeconds: 90 }],
      oldestParkedSeconds: 90,
      conflictOrderIds: [BIG],
      violationCount: 2_000,
      violations: [{ invariant: 'I1', detail: 'a line\nand another', orderId: undefined }],
      expectation: { lost: 1, unmet: ['lost: order 9 is stored'] },
    });

    expect(json).not.toContain('\n');
    expect(JSON.parse(json)).toMatchObject({
      orders: 80,
      parkedPayments: [{ orderId: `${BIG}`, paymentId: '9223372036854775807', ageSeconds: 90 }],
      oldestParkedSeconds: 90,
      conflictOrderIds: [`${BIG}`],
      violations: 2_000,
      violationDetails: [{ invariant: 'I1', detail: 'a line\nand another' }],
      lost: 1,
      unmet: ['lost: order 9 is stored'],
    });
  });

  it('has null where nothing is parked and nothing was expected', () => {
    expect(JSON.parse(toJsonReport(CLEAN))).toMatchObject({
      oldestParkedSeconds: null,
      lost: null,
      unmet: null,
    });
  });
});
