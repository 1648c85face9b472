import type { Order } from '../../../shared/domain/order.ts';
import type { Payment } from '../../../shared/domain/payment.ts';
import { cardNumbersIn } from '../judge/cardOracle.ts';
import type { World } from '../world.ts';

/** Where the messages of a world are: how many rows and dead letters of each kind there are. */
export interface Buckets {
  readonly orders: number;
  readonly ledger: number;
  /** The reasons of the rows in `dead_letters`. */
  readonly recorded: readonly string[];
  /** The reasons of each published dead letter, joined by commas. */
  readonly published: readonly string[];
}

/** @param from the dead letters before this number were published earlier. */
export const bucketsOf = ({ store, published }: World, from: number): Buckets => ({
  orders: store.tables.facts.keys().filter((key) => store.tables.facts.read(key)?.['item'] !== undefined)
    .length,
  ledger: store.tables.ledger.keys().length,
  recorded: store.tables.deadLetters.keys().map((key) => key.slice(key.lastIndexOf('/') + 1)),
  published: published.slice(from).map(({ attributes }) => attributes?.['tally_reason'] ?? ''),
});

/** The buckets as a text, which can be compared and shown in a report. */
export const describeBuckets = ({ orders, ledger, recorded, published }: Buckets): string =>
  `orders ${orders}, ledger ${ledger}, recorded [${recorded.toSorted().join(' ')}], published [${published.join(' ')}]`;

type Row = Readonly<Record<string, unknown>>;

/** Whether the row of the order has the columns that the judge read from the body. */
export const showsOrder = ({ store }: World, order: Order): boolean =>
  holdsOrder(store.tables.facts.read(String(order.orderId)), order);

/** Whether the row of the order shows this payment. */
export const showsPayment = ({ store }: World, payment: Payment): boolean => {
  const row = store.tables.facts.read(String(payment.orderId));
  return row?.['payment_id'] === payment.paymentId && holdsPayment(row, payment);
};

/** Whether an entry of the ledger has the columns that the judge read from the body. */
export const keepsOrder = ({ store }: World, order: Order): boolean =>
  entriesOf(store, order.orderId, 'order').some((row) => holdsOrder(row, order));

export const keepsPayment = ({ store }: World, payment: Payment): boolean =>
  entriesOf(store, payment.orderId, 'payment').some(
    (row) => row['ref'] === String(payment.paymentId) && holdsPayment(row, payment),
  );

const entriesOf = ({ tables }: World['store'], orderId: bigint, kind: string): readonly Row[] =>
  tables.ledger
    .keys(String(orderId))
    .map((key) => tables.ledger.read(key) ?? {})
    .filter((row) => row['kind'] === kind);

const holdsOrder = (row: Row | undefined, order: Order): boolean =>
  row !== undefined &&
  isSame(row['customer_id'], order.customerId) &&
  row['quantity'] === order.quantity &&
  row['price'] === order.price &&
  isText(row['item'], order.item) &&
  isText(row['shipping_address'], order.shippingAddress) &&
  isText(row['order_status'], order.orderStatus) &&
  isText(row['creation_date'], order.creationDate);

const holdsPayment = (row: Row, payment: Payment): boolean =>
  isSame(row['card_last_four'], payment.cardLastFour) &&
  isText(row['payment_method'], payment.paymentMethod) &&
  isText(row['payment_status'], payment.paymentStatus) &&
  isText(row['payment_datetime'], payment.paymentDatetime);

/** An unset column is not written, or is null. */
const isSame = (stored: unknown, sent: unknown): boolean => (stored ?? undefined) === sent;

/** Whether a text is stored as it was sent, or with its card numbers masked. */
const isText = (stored: unknown, sent: string | undefined): boolean =>
  stored === sent ||
  (typeof stored === 'string' &&
    sent !== undefined &&
    stored.length === sent.length &&
    cardNumbersIn(sent).length > 0 &&
    cardNumbersIn(stored).length === 0);
