import type { AuditReport } from '../shared/audit/audit.ts';
import { showText } from './showText.ts';
import { toJsonLine } from './toJsonLine.ts';
import { wrapText } from './wrapText.ts';
import { FINDING_REASONS, type FindingReason } from '../shared/domain/finding.ts';

const SHOWN_MAX = 10;

type Line = readonly [name: string, value: string | number, note: string];

/** What each finding means, for a person. */
const FINDING_NOTES: Readonly<Record<FindingReason, string>> = {
  conflict: 'orders that are paid by more than one payment',
  changed: 'payment ids with contents that contradict each other',
  rivals: 'orders with different versions of the same time',
  too_many: 'orders with too many payment events or versions of one time, or too much text',
};

/** A redelivery and a copy with the same publish time are the same event, so they leave nothing to count. */
const REPEATS_NOTE = 'payments published again, at a later time';

const NAME_WIDTH = 18;
const VALUE_WIDTH = 8;

/**
 * An audit as a table for a person. Lists are cut to ten.
 * @param columns the terminal's width. Default: that of standard output. Without it, no line is broken.
 */
export const formatReport = (report: AuditReport, columns = process.stdout.columns): string => {
  const { expectation } = report;
  const lines: Line[] = [
    ...orderLines(report),
    ...paymentLines(report),
    ...findingLines(report),
    ...deadLetterLines(report),
    ...(expectation === undefined
      ? []
      : ([['lost', expectation.lost, 'published, but in no table']] as const)),
    ...rare(['suspected', report.suspectedCount, 'broken or in progress: only a later look can tell']),
    ['violations', report.violationCount, 'broken promises'],
  ];
  const unmet = expectation?.unmet ?? [];
  return [
    ...lines.map(([name, value, note]) => {
      const count = `${name.padEnd(NAME_WIDTH)}${String(value).padStart(VALUE_WIDTH)}  `;
      return wrapText(`${count}${note}`.trimEnd(), columns, count.length);
    }),
    ...listed('suspected:', report.suspected, report.suspectedCount),
    ...listed('violations:', report.violations, report.violationCount),
    ...(unmet.length === 0 ? [] : ['not as expected:', ...shown(unmet, unmet.length)]),
  ].join('\n');
};

/** Lines that most reports do not need. Where their number is 0, they are left out. */
const rare = (...lines: readonly Line[]): readonly Line[] => lines.filter(([, value]) => value !== 0);

const orderLines = (report: AuditReport): readonly Line[] => [
  ['orders', report.orders, ''],
  ['  paid', report.paid, 'a payment succeeded'],
  ...rare(
    ['  refunded', report.statuses.refunded, `the payment was given back${ids(report.ids.refunded)}`],
    ['  pending', report.statuses.pending, `the payment is not final${ids(report.ids.pending)}`],
    ['  failed', report.statuses.failed, `every attempt has failed${ids(report.ids.failed)}`],
    [
      '  unknown',
      report.statuses.unknown,
      `the payment says a word that Tally does not know${ids(report.ids.unknown)}`,
    ],
  ),
  ['  unpaid', report.unpaid, `without a payment${ids(report.ids.unpaid)}`],
  ...rare(
    ['  reused', report.reused, `their versions name different customers${ids(report.reusedOrderIds)}`],
    ['  cut', report.cut, `too long to be read as a whole${ids(report.cutOrderIds)}`],
  ),
];

const paymentLines = (report: AuditReport): readonly Line[] => [
  ['payments', report.payments, ''],
  ['  matched', report.matched, 'their order is here'],
  ['  parked', report.parked, parkedNote(report)],
  ...rare([
    '  discarded',
    report.discarded,
    `their order has not come, and somebody has discarded them${orders(report.ids.discarded)}`,
  ]),
  ['repeats', report.repeats, REPEATS_NOTE],
  ...rare(
    [
      'refunds apart',
      report.refundedApart,
      `orders with a refund under an id of its own${ids(report.ids.refundedApart)}`,
    ],
    [
      'clocks refused',
      report.clocksRefused,
      `events with a time too far ahead to be believed${orders(report.ids.clocksRefused)}`,
    ],
    [
      'unknown words',
      report.unknownStatusWords.length,
      `in payment_status${words(report.unknownStatusWords)}`,
    ],
  ),
];

const findingLines = ({ findings, findingOrderIds }: AuditReport): readonly Line[] =>
  FINDING_REASONS.flatMap((reason) => {
    const line: Line = [reason, findings[reason], `${FINDING_NOTES[reason]}${ids(findingOrderIds[reason])}`];
    return reason === 'too_many' ? rare(line) : [line];
  });

const deadLetterLines = ({ deadLetters, openDeadLetters }: AuditReport): readonly Line[] => [
  ['dead letters', deadLetters.unmatched, 'unmatched: payments that came before their order'],
  ['', deadLetters.invalid, 'invalid: messages that are neither an order nor a payment'],
  ...rare(
    ...FINDING_REASONS.map((reason): Line => [
      '',
      deadLetters[reason],
      `${reason}: what is open of them stands above`,
    ]),
  ),
  ['  open', openDeadLetters, 'what they report still stands, and nobody has decided'],
];

/** The same as one line of JSON. */
export const toJsonReport = ({
  expectation,
  violationCount,
  violations,
  suspectedCount,
  suspected,
  ...report
}: AuditReport): string =>
  toJsonLine({
    ...report,
    violations: violationCount,
    violationDetails: violations,
    suspected: suspectedCount,
    suspectedDetails: suspected,
    lost: expectation?.lost,
    unmet: expectation?.unmet,
  });

/** Names the orders that did not come, each once, so that their producer can be asked. */
const parkedNote = ({ parkedPayments, oldestParkedSeconds }: AuditReport): string => {
  const orderIds = [...new Set(parkedPayments.map(({ orderId }) => orderId))];
  return oldestParkedSeconds === undefined
    ? 'their order has not come'
    : `their order has not come, the oldest has waited ${oldestParkedSeconds} s; orders${ids(orderIds)}`;
};

const ids = (all: readonly bigint[]): string => (all.length === 0 ? '' : `: ${first(all.map(String))}`);

/** Names the orders of a line that counts something else. */
const orders = (all: readonly bigint[]): string => (all.length === 0 ? '' : `; orders${ids(all)}`);

const words = (all: readonly string[]): string =>
  all.length === 0 ? '' : `: ${first(all.map((word) => `"${showText(word)}"`))}`;

const first = (all: readonly string[]): string =>
  `${all.slice(0, SHOWN_MAX).join(', ')}${all.length > SHOWN_MAX ? ', …' : ''}`;

const listed = (heading: string, all: AuditReport['violations'], count: number): string[] =>
  count === 0
    ? []
    : [
        heading,
        ...shown(
          all.map(({ promise, detail }) => `${promise}: ${detail}`),
          count,
        ),
      ];

/** The first sentences of so many: `count` may be larger than the list, which the audit has cut already. */
const shown = (sentences: readonly string[], count: number): string[] => {
  const lines = sentences.slice(0, SHOWN_MAX).map((sentence) => `  ${sentence}`);
  return count > lines.length ? [...lines, `  … and ${count - lines.length} more`] : lines;
};
