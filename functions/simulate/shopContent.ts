import { faker } from '@faker-js/faker/locale/en';

/** Fixed, because the same seed has to give the same bytes tomorrow. */
const SALES = { from: '2026-01-01T00:00:00Z', to: '2026-12-31T23:59:59Z' };

/**
 * Makes what is drawn next depend on this seed alone. The generator belongs to the module and so to every run in the
 * process: draw all of an order's content before anything is awaited.
 */
export const seedContent = (contentSeed: number): void => {
  faker.seed(contentSeed);
};

/** An order as a shop would send it, in the reference's shape. */
export const drawOrder = (orderId: number): object => ({
  order_id: orderId,
  customer_id: faker.number.int({ min: 1, max: 1_000_000 }),
  item: faker.commerce.productName(),
  quantity: faker.number.int({ min: 1, max: 10 }),
  price: faker.number.float({ min: 1, max: 2000, fractionDigits: 2 }),
  shipping_address: `${faker.location.streetAddress(true)}, ${faker.location.city()}, ${faker.location.country()}`,
  order_status: faker.helpers.arrayElement(['Shipped', 'Pending', 'Delivered', 'Cancelled']),
  creation_date: faker.date.between(SALES).toISOString().slice(0, 'YYYY-MM-DD'.length),
});

/** A payment of an order, in the reference's shape. */
export const drawPayment = (orderId: number, paymentId: number): object => ({
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
});
