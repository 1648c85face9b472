import { findingsOf } from './findingsOf.ts';
import type { Finding } from './finding.ts';
import type { LedgerEntry, OrderEntry, PaymentEntry } from './ledgerEntry.ts';
import { eraseOrder, type Order } from './order.ts';
import { erasePayment, type Payment } from './payment.ts';
import { shownPayment, verdictsOf } from './verdicts.ts';
import { highestFirst } from './highestFirst.ts';
import { orderContent } from './content.ts';
import { orderWriteTime, paymentsWriteTime } from './writeTimes.ts';

/** The order columns that the row must have in the end. */
interface OrderToShow {
  readonly order: Order;
  readonly writeTime: bigint;
  /**
   * The event's own write of its columns is not enough: versions of the very same write time may have mixed
   * their cells, or an erasure must blank some.
   */
  readonly mustRewrite: boolean;
}

/** The payment columns that the row must have once the order is there. */
interface PaymentToShow {
  readonly payment: Payment;
  readonly writeTime: bigint;
}

/** All that the ledger of one order says. */
export interface Fold {
  /** Undefined while the order has not come. */
  readonly order: OrderToShow | undefined;
  /** Undefined while no payment has come. */
  readonly payment: PaymentToShow | undefined;
  readonly findings: readonly Finding[];
  /** The newest word of each payment id, by payment id. */
  readonly verdicts: readonly PaymentEntry[];
  /** Entries that were published up to this time are blank, in milliseconds; undefined without an erasure. */
  readonly erasedUpToMs: number | undefined;
  /** The ids of the dead letters that a decision has resolved or discarded. */
  readonly decided: ReadonlySet<string>;
}

/**
 * Folds the entries of one order. Pure: the same entries in any order give the same result. Every delivery
 * runs it over all that it reads, so whoever reads last shows all of it.
 * @param entries all entries of the order. Orders that are older than the newest may be left out.
 */
export const fold = (entries: readonly LedgerEntry[]): Fold => {
  const decisions = entries.filter((entry) => entry.kind === 'decision');
  const erasures = decisions.filter(({ decision }) => decision === 'erased');
  const erasedUpToMs = entries.reduce<number | undefined>(latestErasure, undefined);
  const orders = entries.filter((entry) => entry.kind === 'order').map((entry) => erase(entry, erasedUpToMs));
  const payments = entries
    .filter((entry) => entry.kind === 'payment')
    .map((entry) => erase(entry, erasedUpToMs));
  const verdicts = verdictsOf(payments);
  return {
    order: orderToShow(orders, erasures.length, erasedUpToMs),
    payment: paymentToShow(payments, verdicts, erasedUpToMs),
    findings: findingsOf({ orders, payments, verdicts, erasedUpToMs }),
    verdicts,
    erasedUpToMs,
    decided: new Set(decisions.filter(({ decision }) => decision !== 'erased').map(({ ref }) => ref)),
  };
};

/**
 * The latest erasure that the entries tell of. A page of the ledger may be read before an erasure was
 * recorded, and the next one after it has blanked its rows. Then only the blanks tell of it.
 */
const latestErasure = (latest: number | undefined, entry: LedgerEntry): number | undefined => {
  const isErasure = entry.kind === 'decision' && entry.decision === 'erased';
  const erasedAtMs = entry.kind === 'decision' ? undefined : entry.erasedAtMs;
  const told = isErasure ? entry.publishedAtMs : erasedAtMs;
  return told === undefined || (latest ?? told) > told ? latest : told;
};

/** Whether an erasure covers an entry, so that it must be blank. */
export const isErased = (
  { publishedAtMs }: Pick<LedgerEntry, 'publishedAtMs'>,
  erasedUpToMs: number | undefined,
): boolean => erasedUpToMs !== undefined && publishedAtMs <= erasedUpToMs;

const erase = <Entry extends OrderEntry | PaymentEntry>(
  entry: Entry,
  erasedUpToMs: number | undefined,
): Entry => {
  if (!isErased(entry, erasedUpToMs)) return entry;
  return entry.kind === 'order'
    ? { ...entry, order: eraseOrder(entry.order) }
    : { ...entry, payment: erasePayment(entry.payment) };
};

/**
 * The version with the latest write time wins, as its cells do. Of equal ones, the contents decide. The rank
 * grows whenever another version of that time or another erasure is seen, so the later view has the last
 * word. Erased versions count one by one, because their contents may have become equal.
 */
const orderToShow = (
  orders: readonly OrderEntry[],
  erasures: number,
  erasedUpToMs: number | undefined,
): OrderToShow | undefined => {
  const [winner] = highestFirst(orders, (entry) => [
    orderWriteTime(entry),
    orderContent(entry.order),
    entry.eventId,
  ]);
  if (winner === undefined) return undefined;
  const sameTime = orders.filter((entry) => orderWriteTime(entry) === orderWriteTime(winner));
  const versions = sameTime.map((entry) =>
    isErased(entry, erasedUpToMs) ? entry.eventId : orderContent(entry.order),
  );
  const rank = new Set(versions).size - 1 + erasures;
  return { order: winner.order, writeTime: orderWriteTime(winner, rank), mustRewrite: rank > 0 };
};

const paymentToShow = (
  payments: readonly PaymentEntry[],
  verdicts: readonly PaymentEntry[],
  erasedUpToMs: number | undefined,
): PaymentToShow | undefined => {
  const shown = shownPayment(verdicts);
  if (shown === undefined) return undefined;
  return {
    payment: shown.payment,
    writeTime: paymentsWriteTime(
      payments.map(({ eventId }) => eventId),
      payments.filter((entry) => isErased(entry, erasedUpToMs)).length,
    ),
  };
};
