import { orderContent } from './content.ts';
import type { Finding, FindingReason } from './finding.ts';
import type { LedgerEntry, OrderEntry, PaymentEntry } from './ledgerEntry.ts';
import { normalizeWord } from './normalizeWord.ts';
import { standsBesideAnother } from './paymentMethod.ts';
import { groupByPaymentId, newestWords, statusOf } from './verdicts.ts';

/**
 * More payment entries than this are a finding, and so are more versions of an order's newest time: nobody
 * pays for one order, or changes it in one moment, a thousand times.
 */
export const USUAL_ENTRIES_MAX = 1_000;

interface Folded {
  readonly orders: readonly OrderEntry[];
  readonly payments: readonly PaymentEntry[];
  readonly verdicts: readonly PaymentEntry[];
  readonly erasedUpToMs: number | undefined;
}

/**
 * The findings of an order. They are a function of the set of entries. Which event made one true does not
 * matter: of two events that race, each would think that it was the other.
 */
export const findingsOf = ({ orders, payments, verdicts, erasedUpToMs }: Folded): readonly Finding[] => {
  const isKept = ({ publishedAtMs }: LedgerEntry): boolean =>
    erasedUpToMs === undefined || publishedAtMs > erasedUpToMs;
  const stateOf: StateOf = (differences) =>
    erasedUpToMs === undefined ? `${differences}` : `${differences} since ${erasedUpToMs}`;
  return [
    ...conflictOf(payments, verdicts),
    ...changesOf(payments, isKept, stateOf),
    ...rivalsOf(orders, isKept, stateOf),
    ...tooManyOf(payments, newestVersions(orders)),
  ];
};

/**
 * The finding `too_many` of an order, whose ledger may be too large to be read whole.
 * @param entries those that are known to take part in it; at least one.
 */
export const tooMany = (entries: readonly LedgerEntry[]): Finding => finding('too_many', [], entries);

type StateOf = (differences: number) => string;

/**
 * @param entries all that the finding depends on. Erased ones too: an erasure must not move it to a later
 * day, under which nobody has told it.
 */
const finding = (
  reason: FindingReason,
  ids: readonly string[],
  entries: readonly LedgerEntry[],
  state = '',
): Finding => ({
  reason,
  ids: ids.toSorted(),
  state,
  eventIds: new Set(entries.map(({ eventId }) => eventId)),
  sinceMs: entries.reduce((least, { publishedAtMs }) => Math.min(least, publishedAtMs), Infinity),
});

/**
 * Payment ids last said to be paid, or whose word we do not know, without those that pay a part. Every
 * payment of the order takes part: a refund of one of three names the other two, and it may be the last to
 * come. Its state says how often the ids were said to be paid. So a refund that fails gives it another state,
 * and people are told of it again, although one of them has resolved it.
 */
const conflictOf = (
  payments: readonly PaymentEntry[],
  verdicts: readonly PaymentEntry[],
): readonly Finding[] => {
  const paid = new Set(verdicts.filter(paysAlone).map(paymentIdOf));
  if (paid.size < 2) return [];
  const times = groupByPaymentId(payments)
    .filter(([first]) => first !== undefined && paid.has(paymentIdOf(first)))
    .reduce((sum, entries) => sum + timesPaid(entries), 0);
  return [finding('conflict', [...paid], payments, `${times}`)];
};

/** Whether it says that the payment alone pays for the order, or may say so. */
const paysAlone = (entry: PaymentEntry): boolean =>
  ['succeeded', 'unknown'].includes(statusOf(entry)) && !standsBesideAnother(entry.payment.paymentMethod);

/** How often one payment id was said to be paid. The same word once more, with none between, is no other. */
const timesPaid = (entries: readonly PaymentEntry[]): number => {
  const words = newestWords(entries).map((entry) => (paysAlone(entry) ? statusWordOf(entry) : undefined));
  return words.filter((word, index) => word !== undefined && word !== words[index - 1]).length;
};

/**
 * Payment ids with contradicting contents at one status. A column that one of them lacks contradicts nothing,
 * and a status that moves on is no contradiction. `payment_datetime` is not compared, because a webhook and
 * an API result write one time in two ways.
 */
const changesOf = (
  payments: readonly PaymentEntry[],
  isKept: (entry: LedgerEntry) => boolean,
  stateOf: StateOf,
): readonly Finding[] =>
  groupByPaymentId(payments).flatMap((entries) => {
    const [first] = entries;
    const groups = [...Map.groupBy(entries.filter(isKept), statusWordOf).values()];
    const contradictions = groups.reduce((sum, group) => sum + countContradictions(group), 0);
    return first === undefined || contradictions === 0
      ? []
      : [finding('changed', [paymentIdOf(first)], entries, stateOf(contradictions))];
  });

/** Two words that we do not know are two statuses. */
const statusWordOf = (entry: PaymentEntry): string => {
  const status = statusOf(entry);
  return status === 'unknown' ? `unknown ${normalizeWord(entry.payment.paymentStatus)}` : status;
};

/** How many methods and cards there are beside the first ones. */
const countContradictions = (entries: readonly PaymentEntry[]): number => {
  const methods = entries.map(({ payment }) => normalizeWord(payment.paymentMethod));
  const cards = entries.flatMap(({ payment }) => payment.cardLastFour ?? []);
  return new Set(methods).size - 1 + Math.max(0, new Set(cards).size - 1);
};

const rivalsOf = (
  orders: readonly OrderEntry[],
  isKept: (entry: LedgerEntry) => boolean,
  stateOf: StateOf,
): readonly Finding[] => {
  const newest = newestVersions(orders);
  const contents = new Set(newest.filter(isKept).map(({ order }) => orderContent(order)));
  return contents.size > 1
    ? [finding('rivals', [String(newest[0]?.atMs)], newest, stateOf(contents.size))]
    : [];
};

const newestVersions = (orders: readonly OrderEntry[]): readonly OrderEntry[] => {
  const newestMs = orders.reduce((latest, { atMs }) => Math.max(latest, atMs), -Infinity);
  return orders.filter(({ atMs }) => atMs === newestMs);
};

const tooManyOf = (
  payments: readonly PaymentEntry[],
  versions: readonly OrderEntry[],
): readonly Finding[] => {
  const many = [payments, versions].find(({ length }) => length > USUAL_ENTRIES_MAX);
  return many === undefined ? [] : [tooMany(many)];
};

const paymentIdOf = ({ payment }: PaymentEntry): string => payment.paymentId.toString();
