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
  /** The reasons of the published dead letters. */
  readonly published: readonly string[];
}

export const bucketsOf = ({ store, published }: World): Buckets => ({
  orders: store.tables.facts.keys().filter((key) => store.tables.facts.read(key)?.customer_id !== undefined)
    .length,
  ledger: store.tables.ledger.keys().length,
  recorded: store.tables.deadLetters.keys().map((key) => key.slice(key.lastIndexOf('/') + 1)),
  published: published.map(({ attributes }) => attributes?.dead_letter_reason ?? ''),
});

/** The buckets as a text, which can be compared and shown in a report. */
export const describeBuckets = ({ orders, ledger, recorded, published }: Buckets): string =>
  `orders ${orders}, ledger ${ledger}, recorded [${recorded.join(' ')}], published [${published.join(' ')}]`;

/** Whether the row of the order has the columns that the judge read from the body. */
export const showsOrder = ({ store }: World, order: Order): boolean => {
  const row = store.tables.facts.read(String(order.orderId));
  return (
    row !== undefined &&
    row.customer_id === order.customerId &&
    row.quantity === order.quantity &&
    row.price === order.price &&
    isText(row.item, order.item) &&
    isText(row.shipping_address, order.shippingAddress) &&
    isText(row.order_status, order.orderStatus) &&
    isText(row.creation_date, order.creationDate)
  );
};

export const keepsPayment = ({ store }: World, payment: Payment): boolean =>
  store.tables.ledger.keys(`${payment.orderId}/${payment.paymentId}/`).some((key) => {
    const row = store.tables.ledger.read(key);
    return (
      row !== undefined &&
      row.card_last_four === payment.cardLastFour &&
      isText(row.payment_method, payment.paymentMethod) &&
      isText(row.payment_status, payment.paymentStatus) &&
      isText(row.payment_datetime, payment.paymentDatetime)
    );
  });

/** Whether a text is stored as it was sent, or with its card numbers masked. */
const isText = (stored: unknown, sent: string): boolean =>
  stored === sent ||
  (typeof stored === 'string' &&
    stored.length === sent.length &&
    cardNumbersIn(sent).length > 0 &&
    cardNumbersIn(stored).length === 0);
