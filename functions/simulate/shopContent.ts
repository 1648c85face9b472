import { base, en, Faker } from '@faker-js/faker';
import type { Random } from './random.ts';
import type { Fields } from './workload.ts';

/** These dates are fixed, because the same seed has to give the same bytes tomorrow. */
const SALES = { from: '2026-01-01T00:00:00Z', to: '2026-12-31T23:59:59Z' };

/** Draws what a realistic shop would send, in the reference's format. */
export interface ShopContent {
  readonly drawOrder: (orderId: number) => Fields;
  readonly drawPayment: (orderId: number, paymentId: number) => Fields;
}

/**
 * Creates content that depends only on the given draws. Runs at the same time would disturb each other if
 * they shared faker's global instance. To seed that instance again for each order costs more than everything
 * else in an order.
 */
export const createShopContent = (random: Random): ShopContent => {
  const faker = new Faker({ locale: [en, base], randomizer: { next: random.next, seed: () => {} } });
  return {
    drawOrder: (orderId) => ({
      order_id: orderId,
      customer_id: faker.number.int({ min: 1, max: 1_000_000 }),
      item: faker.commerce.productName(),
      quantity: faker.number.int({ min: 1, max: 10 }),
      price: faker.number.float({ min: 1, max: 2000, fractionDigits: 2 }),
      shipping_address: `${faker.location.streetAddress()}, ${faker.location.city()}, ${faker.location.country()}`,
      order_status: faker.helpers.arrayElement(['Shipped', 'Pending', 'Delivered', 'Cancelled']),
      creation_date: faker.date.between(SALES).toISOString().slice(0, 'YYYY-MM-DD'.length),
    }),
    drawPayment: (orderId, paymentId) => ({
      payment_id: paymentId,
      order_id: orderId,
      payment_method: faker.helpers.arrayElement([
        'Credit Card',
        'Debit Card',
        'PayPal',
        'Google Pay',
        'Apple Pay',
      ]),
      card_last_four: faker.string.numeric(4),
      payment_status: 'Completed',
      payment_datetime: faker.date.between(SALES).toISOString(),
    }),
  };
};
