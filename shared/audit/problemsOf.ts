import { type Fold, isErased } from '../domain/fold.ts';
import type { LedgerEntry } from '../domain/ledgerEntry.ts';
import { toLedgerEntries } from '../store/rows.ts';
import type { FactRow, OrderRecord } from '../store/auditSource.ts';
import type { PromiseName, Violation } from './violation.ts';

/** A problem that a half handled message may leave, or one that it never leaves. */
type Problem = readonly [PromiseName, string, 'in progress' | 'never'];

/**
 * Which promises one order's rows break. Pure: the same rows give the same violations.
 * @param folded what the ledger says; undefined when it is too large to be read whole. Then the row is not
 * kept up to date any more, and each event tells `too_many`.
 */
export const problemsOf = (record: OrderRecord, folded: Fold | undefined): readonly Violation[] =>
  [
    ...wholenessProblems(record),
    ...(folded === undefined ? [] : [...shownProblems(record, folded), ...erasureProblems(record, folded)]),
  ].map(([promise, detail, when]) => ({
    promise,
    detail,
    orderId: record.orderId,
    mayBeInProgress: when === 'in progress',
  }));

/** Whether a row has a value in some of these columns. */
export const hasSome = (cells: object | undefined): boolean =>
  Object.values(cells ?? {}).some((value) => value !== undefined);

const OPTIONAL: ReadonlySet<string> = new Set(['customerId', 'shippingAddress', 'cardLastFour']);

/** Whether a row has some of the columns, but not all that every event writes. */
const isTorn = (cells: object | undefined): boolean =>
  hasSome(cells) &&
  Object.entries(cells ?? {}).some(([name, value]) => value === undefined && !OPTIONAL.has(name));

/**
 * Nobody but Tally may write payment columns, and nobody wrote them before there was a Pub/Sub. Tally's own
 * write times count events, which `heal` and `erase` do without a limit: 140,000 of them reach this time.
 */
const FOREIGN_WRITE_MICROSECONDS = BigInt(Date.UTC(2015)) * 1000n;

/** An event's columns are one mutation, so no reader at a quorum ever sees a part of them. */
const wholenessProblems = ({ orderId, fact, paymentWriteTime, ledger }: OrderRecord): Problem[] => {
  const problems: Problem[] = [];
  if (isTorn(fact?.order))
    problems.push(['I5', `order ${orderId} has lost some of its order columns`, 'never']);
  if (isTorn(fact?.payment)) {
    problems.push(['I5', `order ${orderId} has lost some of its payment columns`, 'never']);
  }
  if (hasSome(fact?.payment) && !hasSome(fact?.order)) {
    problems.push(['I5', `order ${orderId} shows a payment but is not here itself`, 'never']);
  }
  if (paymentWriteTime !== undefined && paymentWriteTime >= FOREIGN_WRITE_MICROSECONDS) {
    const at = new Date(Number(paymentWriteTime / 1000n)).toISOString();
    problems.push(['I5', `somebody else wrote the payment columns of order ${orderId} at ${at}`, 'never']);
  }
  for (const { entry, kind, eventId } of ledger) {
    if (entry !== undefined) continue;
    const detail = `event ${eventId} (${kind || 'no kind'}) of order ${orderId} has lost columns in the ledger`;
    problems.push(['I1', detail, 'never']);
  }
  return problems;
};

/** The row must show what the ledger says. */
const shownProblems = ({ orderId, fact, ledger }: OrderRecord, { order, payment }: Fold): Problem[] => {
  // Lost columns hide what the ledger says. `wholenessProblems` has reported them already.
  if (ledger.some(({ entry }) => entry === undefined)) return [];
  const isHere = hasSome(fact?.order);
  if (order === undefined) {
    return isHere ? [['I1', `order ${orderId} is in no event of the ledger`, 'never']] : [];
  }
  // The audit reads the row before the ledger, so the order may come in between.
  if (!isHere) return [['I3', `order ${orderId} is in the ledger but not in the row`, 'in progress']];
  if (isTorn(fact?.order) || isTorn(fact?.payment)) return [];
  const problems: Problem[] = [];
  if (!isSame(fact?.order, order.order)) {
    problems.push(['I4', `order ${orderId} does not show its newest version`, 'in progress']);
  }
  if (payment !== undefined && !hasSome(fact?.payment)) {
    const { paymentId } = payment.payment;
    const detail = `order ${orderId} and its payment ${paymentId} are both here but not joined`;
    problems.push(['I3', detail, 'in progress']);
  } else if (payment === undefined ? hasSome(fact?.payment) : !isSame(fact?.payment, payment.payment)) {
    const detail = `order ${orderId} shows payment ${fact?.payment.paymentId} as the ledger does not say it`;
    problems.push(['I4', detail, 'in progress']);
  }
  return problems;
};

const isSame = (shown: FactRow['order'] | FactRow['payment'] | undefined, right: object): boolean => {
  const values = new Map<string, unknown>(Object.entries(right));
  return Object.entries(shown ?? {}).every(([column, value]) => values.get(column) === value);
};

const erasureProblems = ({ orderId, ledger }: OrderRecord, { erasedUpToMs }: Fold): Problem[] =>
  toLedgerEntries(ledger)
    .filter((entry) => isErased(entry, erasedUpToMs) && hasPersonalData(entry))
    .map(({ eventId }) => [
      'I1',
      `event ${eventId} of order ${orderId} was erased, and a person’s data is still in the ledger`,
      'in progress',
    ]);

const hasPersonalData = (entry: LedgerEntry): boolean => {
  if (entry.kind === 'payment') return entry.payment.cardLastFour !== undefined;
  if (entry.kind === 'decision') return false;
  return entry.order.customerId !== undefined || entry.order.shippingAddress !== undefined;
};
