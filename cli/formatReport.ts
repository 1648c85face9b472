import type { AuditReport } from '../shared/audit/audit.ts';

const SHOWN_MAX = 10;

type Line = readonly [name: string, value: string | number, note: string];

/** An audit as a table for a person. Lists are cut to ten. */
export const formatReport = (report: AuditReport): string => {
  const { deadLetters, expectation } = report;
  const lines: Line[] = [
    ['orders', report.orders, ''],
    ['  paid', report.paid, 'with a payment'],
    ['  unpaid', report.unpaid, 'without a payment'],
    ['payments', report.payments, ''],
    ['  matched', report.matched, 'their order is here'],
    ['  parked', report.parked, parkedNote(report)],
    ['conflicts', report.conflicts, `orders with more than one payment${ids(report.conflictOrderIds)}`],
    [
      'changed payments',
      report.changed,
      `one id, different contents${ids(report.changedPayments.map(({ paymentId }) => paymentId))}`,
    ],
    ['repeats', report.repeats, 'the same payment, received again'],
    [
      'dead letters',
      deadLetters.unmatched,
      `unmatched: payments not joined at once; ${report.openDeadLetters} still wait for their order`,
    ],
    ['', deadLetters.invalid, 'invalid: messages that are no order and no payment'],
    ['', deadLetters.conflict, 'conflict: payments for an order that had another payment'],
    ...(expectation === undefined
      ? []
      : ([['lost', expectation.lost, 'published, but in no table']] as const)),
    ['violations', report.violationCount, 'broken promises'],
  ];
  const unmet = expectation?.unmet ?? [];
  return [
    ...lines.map(([name, value, note]) =>
      `${name.padEnd(18)}${String(value).padStart(8)}  ${note}`.trimEnd(),
    ),
    ...shown(
      report.violations.map(({ invariant, detail }) => `${invariant}: ${detail}`),
      report.violationCount,
    ),
    ...(unmet.length === 0 ? [] : ['not as expected:', ...shown(unmet, unmet.length)]),
  ].join('\n');
};

/** The same as one line of JSON. Ids are strings, because they have 64 bits. */
export const toJsonReport = ({ expectation, violationCount, ...report }: AuditReport): string =>
  JSON.stringify(
    {
      ...report,
      oldestParkedSeconds: report.oldestParkedSeconds ?? null,
      violations: violationCount,
      violationDetails: report.violations,
      lost: expectation?.lost ?? null,
      unmet: expectation?.unmet ?? null,
    },
    (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value),
  );

/** Names the orders that did not come, each once, so that their producer can be asked. */
const parkedNote = ({ parkedPayments, oldestParkedSeconds }: AuditReport): string => {
  const orderIds = [...new Set(parkedPayments.map(({ orderId }) => orderId))];
  return oldestParkedSeconds === undefined
    ? 'their order has not come'
    : `their order has not come, the oldest has waited ${oldestParkedSeconds} s; orders${ids(orderIds)}`;
};

const ids = (all: readonly bigint[]): string => {
  if (all.length === 0) return '';
  return `: ${all.slice(0, SHOWN_MAX).join(', ')}${all.length > SHOWN_MAX ? ', …' : ''}`;
};

/** The first sentences of so many: `count` may be larger than the list, which the audit has cut already. */
const shown = (sentences: readonly string[], count: number): string[] => {
  const lines = sentences.slice(0, SHOWN_MAX).map((sentence) => `  ${sentence}`);
  return count > lines.length ? [...lines, `  … and ${count - lines.length} more`] : lines;
};
