import { orderContent } from '../../shared/domain/content.ts';
import { isErased } from '../../shared/domain/fold.ts';
import type { LedgerEntry } from '../../shared/domain/ledgerEntry.ts';
import { eraseOrder } from '../../shared/domain/order.ts';
import { paymentStatusOf } from '../../shared/domain/paymentStatus.ts';
import { paymentsCounted } from '../../shared/domain/writeTimes.ts';
import { FACT_COLUMNS, PAYMENT_COLUMNS } from '../../shared/store/rows.ts';
import type { OrderRecord } from '../../shared/store/auditSource.ts';
import type { OrderDetail, RowColumn, RowPart } from '../contract.ts';
import { columnTexts } from './columnTexts.ts';
import type { Story } from './tellStory.ts';

/** The columns that an erasure blanks. */
const PERSONAL = ['customer_id', 'shipping_address', 'card_last_four'];

/** The row with the events that its columns come from, and what it should be where it is not. Pure. */
export const rowOf = (
  { orderId, fact, paymentWriteTime }: OrderRecord,
  entries: readonly LedgerEntry[],
  story: Story,
): OrderDetail['row'] => {
  const is = columnTexts(fact);
  if (is === null) return null;
  const names = FACT_COLUMNS.filter((name) => !isPaymentColumn(name));
  const [orderFrom, paymentFrom] = [orderEventOf(entries, story), paymentEventOf(story)];
  const columnOf =
    (from: LedgerEntry | undefined) =>
    (name: keyof typeof is): RowColumn => ({
      name,
      value: is[name],
      ...(story.before.has(name) ? { was: story.before.get(name) ?? null } : {}),
      ...(story.row !== null && story.row[name] !== is[name] ? { shouldBe: story.row[name] } : {}),
      ...(from !== undefined && PERSONAL.includes(name) && isErased(from, story.folded.erasedUpToMs)
        ? { isErased: true }
        : {}),
      ...noteOf(name, is[name]),
    });
  return {
    order: {
      columns: [{ name: 'order_id', value: orderId.toString() }, ...names.map(columnOf(orderFrom))],
      from: placeOf(orderFrom),
      writeTime: story.folded.order?.writeTime.toString() ?? null,
    },
    payment: {
      columns: PAYMENT_COLUMNS.map(columnOf(paymentFrom)),
      from: placeOf(paymentFrom),
      writeTime: paymentWriteTime?.toString() ?? null,
    },
    entriesSeen: paymentWriteTime === undefined ? null : paymentsCounted(paymentWriteTime),
  };
};

const isPaymentColumn = (name: string): boolean => PAYMENT_COLUMNS.some((known) => known === name);

const noteOf = (name: string, value: string | null): { readonly note?: string } =>
  name === 'payment_status' && value !== null ? { note: `counts as ${paymentStatusOf(value)}` } : {};

const placeOf = (entry: LedgerEntry | undefined): RowPart['from'] =>
  entry === undefined ? null : { eventId: entry.eventId, publishedAtMs: entry.publishedAtMs };

/** The newest event with the contents of the row: versions with equal contents cannot be told apart. */
const orderEventOf = (entries: readonly LedgerEntry[], { folded }: Story): LedgerEntry | undefined => {
  const shown = folded.order && orderContent(folded.order.order);
  return entries
    .filter((entry) => entry.kind === 'order')
    .filter((entry) => {
      const order = isErased(entry, folded.erasedUpToMs) ? eraseOrder(entry.order) : entry.order;
      return orderContent(order) === shown;
    })
    .toSorted((a, b) => b.atMs - a.atMs)[0];
};

const paymentEventOf = ({ folded }: Story): LedgerEntry | undefined =>
  folded.order === undefined
    ? undefined
    : folded.verdicts.find((entry) => entry.payment.paymentId === folded.payment?.payment.paymentId);
