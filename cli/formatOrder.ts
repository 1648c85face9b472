import { inspectDeadLetter, type LedgerIds, ledgerIdsOf } from '../shared/audit/inspectDeadLetter.ts';
import { inspectOrder } from '../shared/audit/inspectOrder.ts';
import type { DeadLetterAction } from '../shared/domain/deadLetterAction.ts';
import type { LedgerEntry } from '../shared/domain/ledgerEntry.ts';
import { actionsOf, type OrderView } from '../shared/operations/findOrderView.ts';
import { orderLogQuery } from '../shared/operations/orderLogQuery.ts';
import { openFindings } from '../shared/operations/resolve.ts';
import type { DeadLetterRow, FactRow, LedgerRow, OrderRecord } from '../shared/store/auditSource.ts';
import { formatAction } from './formatAction.ts';
import { actionColumns, deadLetterColumns, ledgerColumns, rowColumns, toTime } from './orderColumns.ts';
import { showText } from './showText.ts';
import { toJsonLine } from './toJsonLine.ts';

/**
 * The most entries and dead letters that are printed, so that the first line stays visible. `--json` has all.
 */
const SHOWN_MAX = 50;
const UNSET = 'unset';

/**
 * An order for a person: what it comes to, then its row, its ledger and its dead letters, oldest first. A
 * dead letter is open when the ledger still says what it reports, and nobody has decided.
 * @param search what finds the order's lines in the log.
 */
export const formatOrder = (view: OrderView, search: string): string => {
  const { record, deadLetters, areDeadLettersCut, actions } = view;
  const ids = ledgerIdsOf(record);
  return [
    ...headline(record),
    '',
    ...(record.fact === undefined
      ? ['Row in orders_payments_facts: none']
      : ['Row in orders_payments_facts:', ...formatRow(record.fact)]),
    '',
    ...section('Events in ledger_by_order', oldestFirst(record.ledger), formatEntry),
    '',
    ...section('Dead letters', oldestFirst(deadLetters), (row) =>
      formatDeadLetter(row, actionsOf(row, actions), ids),
    ),
    ...(areDeadLettersCut
      ? [`  Only the first are read here: "npx tally dlq ls --order ${record.orderId}" reads all.`]
      : []),
    '',
    'Its lines in the log:',
    `  ${search}`,
  ].join('\n');
};

/** The same as one line of JSON, by the names of the tables' columns. */
export const toJsonOrder = ({ record, deadLetters, areDeadLettersCut, actions }: OrderView): string => {
  const ids = ledgerIdsOf(record);
  const { findings, violations } = inspectOrder(record);
  return toJsonLine({
    orderId: record.orderId,
    findings: findings.map(({ reason, ids: about }) => ({ reason, ids: about })),
    problems: violations.map(({ promise, detail }) => `${promise}: ${detail}`),
    row: record.fact && rowColumns(record.fact),
    ledger: oldestFirst(record.ledger).map(ledgerColumns),
    deadLetters: oldestFirst(deadLetters).map((row) => ({
      ...deadLetterColumns(row),
      open: inspectDeadLetter(row, ids, actionsOf(row, actions)).isOpen,
      actions: actionsOf(row, actions).map(actionColumns),
    })),
    areDeadLettersCut,
    logQuery: orderLogQuery(record.orderId),
  });
};

const oldestFirst = <Event extends { readonly publishedAtMs: number }>(events: readonly Event[]): Event[] =>
  events.toSorted((a, b) => a.publishedAtMs - b.publishedAtMs);

/** What the order comes to, then one line for each thing that a person must look at. */
const headline = (record: OrderRecord): string[] => {
  const { orderId, fact } = record;
  const { orderExists, payments, violations, isCut } = inspectOrder(record);
  const { paymentId, paymentStatus } = fact?.payment ?? {};
  const shown =
    paymentId === undefined
      ? 'It has no payment.'
      : `It shows payment ${paymentId}: ${toText(paymentStatus)}.`;
  return [
    ...(orderExists
      ? [`Order ${orderId} is here. ${shown}`]
      : [
          `Order ${orderId} has not come. ${sayWaiting(payments.filter(({ isDiscarded }) => !isDiscarded).length)}`.trimEnd(),
        ]),
    ...(isCut
      ? [`It has more than ${record.ledger.length - 1} events. The first of them are looked at.`]
      : []),
    ...openFindings(record).map(({ reason, error }) => `${reason}: ${error}.`),
    ...violations.map(({ promise, detail }) => `Broken or in progress: ${promise}: ${detail}.`),
  ];
};

const sayWaiting = (count: number): string => {
  if (count === 0) return '';
  return count === 1 ? 'One payment waits for it.' : `${count} payments wait for it.`;
};

const formatRow = (fact: FactRow): string[] => {
  const columns = Object.entries(rowColumns(fact));
  const width = Math.max(...columns.map(([name]) => name.length));
  return columns.map(([name, value]) => `  ${name.padEnd(width)}  ${toText(value)}`);
};

/** A heading with a count, then the newest of so many. */
const section = <Row>(name: string, rows: readonly Row[], format: (row: Row) => string[]): string[] => {
  if (rows.length === 0) return [`${name}: none`];
  const left = rows.length - SHOWN_MAX;
  return [
    `${name}: ${rows.length}, oldest first`,
    ...(left > 0 ? [`  (${left} older ones are left out; --json prints them all)`] : []),
    ...rows.slice(-SHOWN_MAX).flatMap(format),
  ];
};

const formatEntry = ({ entry, kind, eventId, atMs, publishedAtMs, erasedAtMs }: LedgerRow): string[] => [
  `  ${entry === undefined ? `${toText(kind)}: it has lost columns` : sentenceOf(entry)}`,
  `    published ${toTime(publishedAtMs)}, event ${eventId}`,
  ...(atMs === publishedAtMs ? [] : [`    happened ${toTime(atMs)}, as its producer says`]),
  ...(erasedAtMs === undefined ? [] : [`    a person’s data was erased at ${toTime(erasedAtMs)}`]),
];

const sentenceOf = (entry: LedgerEntry): string => {
  if (entry.kind === 'payment') {
    return `payment ${entry.payment.paymentId}: ${toText(entry.payment.paymentStatus)}`;
  }
  if (entry.kind === 'order') return `order: ${toText(entry.order.orderStatus)}`;
  const about = entry.ref === '' ? '' : ` dead letter ${entry.ref.split(' ')[0]}`;
  return `decision: ${entry.decision}${about}, by ${toText(entry.decidedBy)}: ${toText(entry.because)}`;
};

const formatDeadLetter = (
  row: DeadLetterRow,
  actions: readonly DeadLetterAction[],
  ids: LedgerIds,
): string[] => [
  `  ${row.reason}: ${toText(row.error)}`,
  `    ${stateOf(row, inspectDeadLetter(row, ids, actions).isOpen)}`,
  `    published ${toTime(row.publishedAtMs)}, recorded ${toTime(row.recordedAtMs) ?? UNSET}`,
  `    payment ${row.paymentId ?? UNSET}, event ${row.toldBy}, id ${row.id}`,
  ...actions.map((action) => `    ${formatAction(action)}`),
];

const stateOf = ({ reason }: DeadLetterRow, isOpen: boolean): string => {
  if (!isOpen) return 'closed';
  return reason === 'invalid'
    ? 'open: it was not accepted, and nobody has edited or discarded it'
    : 'open: it still stands, and nobody has decided';
};

const toText = (value: bigint | number | string | boolean | undefined): string => {
  if (value === undefined) return UNSET;
  return value === '' ? '""' : showText(String(value));
};
