import { orderContent, paymentContent } from '../../shared/domain/content.ts';
import type { Fold } from '../../shared/domain/fold.ts';
import type {
  DecisionEntry,
  LedgerEntry,
  OrderEntry,
  PaymentEntry,
} from '../../shared/domain/ledgerEntry.ts';
import { paymentStatusOf } from '../../shared/domain/paymentStatus.ts';
import type { Payment } from '../../shared/domain/payment.ts';
import type { Order } from '../../shared/domain/order.ts';
import { assertNever } from '../../shared/errors.ts';
import type { StoryItem } from '../contract.ts';

interface Change {
  readonly entry: LedgerEntry;
  /** Its place among the entries, from 1. */
  readonly number: number;
  /** The fold of the entries before it, and with it. */
  readonly before: Fold;
  readonly after: Fold;
}

interface Told {
  readonly changed: string;
  readonly state: StoryItem['state'];
}

/** What an entry changed in the row, in sentences. Pure. */
export const tellChange = (change: Change): Told => {
  const { entry } = change;
  switch (entry.kind) {
    case 'order':
      return tellOrder(entry, change);
    case 'payment':
      return tellPayment(entry, change);
    case 'decision':
      return tellDecision(entry);
    default:
      return assertNever(entry);
  }
};

const tellOrder = (entry: OrderEntry, { number, before, after }: Change): Told => {
  const shown = after.order?.order;
  if (before.order === undefined) {
    const payment = after.payment?.payment;
    const withPayment = payment === undefined ? '' : `, with ${sayPayment(payment)}`;
    return { changed: `Entry ${number}. The row appears${withPayment}.`, state: 'ok' };
  }
  const columns = changedColumns(before.order.order, shown);
  if (columns.length > 0) {
    const named = columns.length > 3 ? `${columns.length} columns change` : `new: ${columns.join(', ')}`;
    return {
      changed: `Entry ${number}, newer: the order’s columns are this version, whole; ${named}.`,
      state: 'ok',
    };
  }
  if (orderContent(entry.order) === orderContent(before.order.order)) {
    return { changed: `Entry ${number}, with the same contents. The row stays.`, state: 'calm' };
  }
  return { changed: `Entry ${number}, not newer than the version in the row. The row stays.`, state: 'calm' };
};

const tellPayment = (entry: PaymentEntry, { number, before, after }: Change): Told => {
  if (after.order === undefined) {
    return { changed: `Entry ${number}. No order yet, so no row.`, state: 'wait' };
  }
  const [was, is] = [before.payment?.payment, after.payment?.payment];
  if (is === undefined) return { changed: `Entry ${number}. The row stays.`, state: 'calm' };
  if (was === undefined) return { changed: `Entry ${number}. The row shows ${sayPayment(is)}.`, state: 'ok' };
  if (was.paymentId !== is.paymentId) {
    return {
      changed: `Entry ${number}. The row shows ${sayPayment(is)}, and not ${was.paymentId}.`,
      state: 'ok',
    };
  }
  if (paymentContent(was) !== paymentContent(is)) {
    const what =
      was.paymentStatus === is.paymentStatus
        ? 'Its other columns change'
        : `payment_status becomes ${is.paymentStatus}`;
    return { changed: `Entry ${number}. ${what}: ${paidWord(is)}.`, state: 'ok' };
  }
  if (entry.payment.paymentId === is.paymentId) {
    const isSame = paymentContent(entry.payment) === paymentContent(is);
    const which = isSame
      ? 'the same payment, published again'
      : `older than what the row says of ${is.paymentId}`;
    return { changed: `Entry ${number}, ${which}. The row stays.`, state: 'calm' };
  }
  const [mine, shown] = [paidWord(entry.payment), paidWord(is)];
  const why =
    mine === shown
      ? `${is.paymentId} is newer`
      : `${withArticle(mine)} payment never hides ${withArticle(shown)} one`;
  return { changed: `Entry ${number}, kept beside ${is.paymentId}. The row stays: ${why}.`, state: 'ok' };
};

const tellDecision = ({ decision, ref }: DecisionEntry): Told => {
  switch (decision) {
    case 'erased':
      return {
        changed: 'Who bought it, where it goes and the digits of the card are blank in all that came before.',
        state: 'calm',
      };
    case 'resolved':
      return { changed: `The finding ${ref.slice(0, 8)} is not open any more.`, state: 'ok' };
    case 'discarded':
      return { changed: `The dead letter ${ref.slice(0, 8)} is not open any more.`, state: 'ok' };
    default:
      return assertNever(decision);
  }
};

/** What the status of a payment makes of its order. */
const paidWord = ({ paymentStatus }: Payment): string => {
  const status = paymentStatusOf(paymentStatus);
  return status === 'succeeded' ? 'paid' : status;
};

const withArticle = (word: string): string => `${word === 'unknown' ? 'an' : 'a'} ${word}`;

const sayPayment = (payment: Payment): string => `payment ${payment.paymentId}: ${paidWord(payment)}`;

const COLUMN_OF: Readonly<Record<Exclude<keyof Order, 'orderId'>, string>> = {
  customerId: 'customer_id',
  item: 'item',
  quantity: 'quantity',
  price: 'price',
  shippingAddress: 'shipping_address',
  orderStatus: 'order_status',
  creationDate: 'creation_date',
};

const changedColumns = (was: Order, is: Order | undefined): readonly string[] =>
  (Object.keys(COLUMN_OF) as (keyof typeof COLUMN_OF)[])
    .filter((name) => is !== undefined && was[name] !== is[name])
    .map((name) => COLUMN_OF[name]);
