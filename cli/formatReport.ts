import type { AuditReport } from '../shared/audit/audit.ts';

const SHOWN_MAX = 10;

type Line = readonly [name: string, value: string | number, note: string];

/** An audit as a table for a person; lists are cut to ten. */
export const formatReport = (report: AuditReport): string => {
  const { deadLetters, expectation } = report;
  const lines: Line[] = [
    ['orders', report.orders, ''],
    ['  paid', report.paid, ''],
    ['  unpaid', report.unpaid, ''],
    ['payments', report.payments, ''],
    ['  matched', report.matched, 'on an order that is here'],
    ['  parked', report.parked, parkedNote(report)],
    ['conflicts', report.conflicts, `orders with more than one payment${ids(report.conflictOrderIds)}`],
    [
      'changed payments',
      report.changed,
      `one id, different contents${ids(report.changedPayments.map(({ paymentId }) => paymentId))}`,
    ],
    ['repeats', report.repeats, 'payment events that said nothing new'],
    ['dead letters', deadLetters.unmatched, `unmatched, ${report.openDeadLetters} of them open`],
    ['', deadLetters.invalid, 'invalid'],
    ['', deadLetters.conflict, 'conflict'],
    ...(expectation === undefined
      ? []
      : ([['lost', expectation.lost, 'published, but in no bucket']] as const)),
    ['violations', report.violationCount, ''],
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

/** The same as one JSON object; ids are strings, for they have 64 bits. */
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

/** The orders that did not come, each once: their producer is the one to ask. */
const parkedNote = ({ parkedPayments, oldestParkedSeconds }: AuditReport): string => {
  const orderIds = [...new Set(parkedPayments.map(({ orderId }) => orderId))];
  return oldestParkedSeconds === undefined
    ? 'waiting for their order'
    : `waiting for their order, the oldest for ${oldestParkedSeconds} s; orders${ids(orderIds)}`;
};

const ids = (all: readonly bigint[]): string => {
  if (all.length === 0) return '';
  return `: ${all.slice(0, SHOWN_MAX).join(', ')}${all.length > SHOWN_MAX ? ', …' : ''}`;
};

/** The first of so many, for the list itself may have been cut already. */
const shown = (sentences: readonly string[], count: number): string[] => {
  const lines = sentences.slice(0, SHOWN_MAX).map((sentence) => `  ${sentence}`);
  return count > lines.length ? [...lines, `  … and ${count - lines.length} more`] : lines;
};
