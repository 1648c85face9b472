import { DAY_MS, dayOf } from '../domain/dayOf.ts';
import type { DeadLetterReason } from '../domain/deadLetter.ts';
import type { DeadLetterHead, HeadColumn } from '../store/operationsStore.ts';
import type { InputTopic } from '../topology.ts';
import { errorKindOf } from './errorKindOf.ts';

export const DEAD_LETTER_STATES = ['open', 'closed'] as const;
/** Open: somebody has to look at it. Closed: its trouble is over, or somebody has decided. */
export type DeadLetterState = (typeof DEAD_LETTER_STATES)[number];

/** Which dead letters an operator asks for. All that is given must be true of them. */
export interface DeadLetterFilter {
  /** Of events or findings, 32 hex digits each; any when empty. */
  readonly ids: readonly string[];
  /** Any when empty. */
  readonly reasons: readonly DeadLetterReason[];
  readonly topic: InputTopic | undefined;
  readonly orderId: bigint | undefined;
  /** Of the event, or named by the error of a conflict: its event is only the one that told it. */
  readonly paymentId: bigint | undefined;
  /** The error holds this text; upper and lower case are the same. */
  readonly error: string | undefined;
  /** The error is of this kind, as `errorKindOf` names it. */
  readonly kind?: string | undefined;
  readonly state: DeadLetterState | undefined;
  /**
   * The days of the dead letters, in milliseconds since the epoch. A dead letter belongs to the day on which
   * its event was published; a finding to that of its earliest event. Within the first and the last day the
   * event counts that told the finding: a row does not have the time of the earliest. Undefined: since ever.
   */
  readonly sinceMs: number | undefined;
  readonly untilMs: number | undefined;
}

/** The filter that every dead letter passes. */
export const ANY_DEAD_LETTER: DeadLetterFilter = {
  ids: [],
  reasons: [],
  topic: undefined,
  orderId: undefined,
  paymentId: undefined,
  error: undefined,
  kind: undefined,
  state: undefined,
  sinceMs: undefined,
  untilMs: undefined,
};

/**
 * Makes the function that says whether a row is what a filter asks for, its state left aside: only its
 * order's ledger tells the state. A head needs the columns of `headColumnsOf`.
 */
export const createRowMatcher = (filter: DeadLetterFilter): ((row: DeadLetterHead) => boolean) => {
  const { ids, reasons, topic, orderId, paymentId, kind } = filter;
  const error = filter.error?.toLowerCase();
  const isInTime = createTimeMatcher(filter);
  return (row) =>
    (ids.length === 0 || ids.includes(row.id)) &&
    (reasons.length === 0 || reasons.includes(row.reason)) &&
    (topic === undefined || topic === row.originTopic) &&
    (orderId === undefined || orderId === row.orderId) &&
    (paymentId === undefined || paymentId === row.paymentId || isPaidBy(row, paymentId)) &&
    (error === undefined || (row.error ?? '').toLowerCase().includes(error)) &&
    (kind === undefined || kind === errorKindOf(row.error ?? '')) &&
    isInTime(row);
};

/** `order 17 is paid by 2 payments: 1017, 2017`. Of more than ten payments, the error names the first ten. */
const isPaidBy = ({ reason, error }: DeadLetterHead, paymentId: bigint): boolean =>
  reason === 'conflict' && (error ?? '').split(/: |, /).slice(1).includes(String(paymentId));

/** The columns that the matcher of a filter reads, beside those that every head has. */
export const headColumnsOf = (filter: DeadLetterFilter): HeadColumn[] => [
  ...(filter.topic === undefined ? [] : (['origin_topic'] as const)),
  ...(filter.orderId === undefined ? [] : (['order_id'] as const)),
  ...(filter.paymentId === undefined ? [] : (['payment_id'] as const)),
  ...(filter.error === undefined && filter.kind === undefined && filter.paymentId === undefined
    ? []
    : (['error'] as const)),
];

/** The event of a finding may be younger than the finding, whose day is that of its earliest event. */
const createTimeMatcher = ({ sinceMs = -Infinity, untilMs = Infinity }: DeadLetterFilter) => {
  const sinceDay = sinceMs === -Infinity ? '' : dayOf(sinceMs);
  const untilDay = untilMs === Infinity ? '~' : dayOf(untilMs);
  const endOfUntilDayMs = (Math.floor(untilMs / DAY_MS) + 1) * DAY_MS;
  return ({ day, publishedAtMs }: DeadLetterHead): boolean =>
    (day > sinceDay || (day === sinceDay && publishedAtMs >= sinceMs)) &&
    (day < untilDay || (day === untilDay && (publishedAtMs <= untilMs || publishedAtMs >= endOfUntilDayMs)));
};

const describeSpan = ({ sinceMs, untilMs }: DeadLetterFilter): string => {
  const since = sinceMs === undefined ? '' : ` since ${new Date(sinceMs).toISOString()}`;
  const until = untilMs === undefined ? '' : ` until ${new Date(untilMs).toISOString()}`;
  return since === '' && until === '' ? '' : `first published${since}${until}`;
};

/** A filter as one sentence, for people and for the history. */
export const describeFilter = (filter: DeadLetterFilter): string => {
  const parts = [
    filter.ids.length === 0 ? '' : `id ${filter.ids.join(' or ')}`,
    filter.reasons.length === 0 ? '' : `reason ${filter.reasons.join(' or ')}`,
    filter.topic === undefined ? '' : `topic ${filter.topic}`,
    filter.orderId === undefined ? '' : `order ${filter.orderId}`,
    filter.paymentId === undefined ? '' : `payment ${filter.paymentId}`,
    filter.error === undefined ? '' : `error with ${JSON.stringify(filter.error)}`,
    filter.kind === undefined ? '' : `errors of the kind ${JSON.stringify(filter.kind)}`,
    filter.state === undefined ? '' : `state ${filter.state}`,
    describeSpan(filter),
  ];
  return parts.filter((part) => part !== '').join(', ') || 'all';
};
