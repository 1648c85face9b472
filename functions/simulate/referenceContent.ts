import type { Random } from './random.ts';
import type { Word } from './storyOf.ts';
import type { Fields } from './workload.ts';

/** Draws what the reference sends, field by field. */
interface ReferenceContent {
  readonly drawOrder: (orderId: number) => Fields;
  readonly drawPayment: (orderId: number) => Fields;
}

/** Creates the contents of the reference's messages. They depend only on the given draws. */
export const createReferenceContent = (random: Random): ReferenceContent => ({
  drawOrder: (orderId) => ({
    order_id: orderId,
    customer_id: random.integer(100, 1000),
    item: random.pick(['Laptop', 'Phone', 'Book', 'Tablet', 'Monitor']),
    quantity: random.integer(1, 10),
    price: 100 + random.next() * 1400,
    shipping_address: random.pick([
      '123 Main St, City A, Country',
      '456 Elm St, City B, Country',
      '789 Oak St, City C, Country',
    ]),
    order_status: random.pick(['Shipped', 'Pending', 'Delivered', 'Cancelled']),
    creation_date: '2024-01-21',
  }),
  drawPayment: (orderId) => ({
    payment_id: referencePaymentId(orderId, 'first'),
    order_id: orderId,
    payment_method: random.pick(['Credit Card', 'Debit Card', 'PayPal', 'Google Pay', 'Apple Pay']),
    card_last_four: String(orderId).padStart(4, '0'),
    payment_status: 'Completed',
    // From order 24 on, the hour is above 23 and the time is not valid. The reference sends it like this.
    payment_datetime: `2024-01-21T${String(orderId).padStart(2, '0')}:01:30Z`,
  }),
});

/** The reference adds 1,000 to the order's id. A second payment is ours, because the reference sends none. */
export const referencePaymentId = (orderId: number, of: Word['of']): number =>
  orderId + (of === 'first' ? 1000 : 2000);
