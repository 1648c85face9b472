import type { EventStamp } from '../../../shared/domain/event.ts';
import type { Order } from '../../../shared/domain/order.ts';
import type { Payment } from '../../../shared/domain/payment.ts';

/** 2024-01-21T10:00:00.123Z */
export const PUBLISHED_AT_MS = 1_705_831_200_123;

/** The reference's first order. */
export const order = (changes: Partial<Order> = {}): Order => ({
  orderId: 1n,
  customerId: 100n,
  item: 'Laptop',
  quantity: 2n,
  price: 457.0966360351904,
  shippingAddress: '123 Main St, City A, Country',
  orderStatus: 'Shipped',
  creationDate: '2024-01-21',
  ...changes,
});

/** The reference's payment for its first order. */
export const payment = (changes: Partial<Payment> = {}): Payment => ({
  paymentId: 1001n,
  orderId: 1n,
  paymentMethod: 'PayPal',
  cardLastFour: '0001',
  paymentStatus: 'Completed',
  paymentDatetime: '2024-01-21T01:01:30Z',
  ...changes,
});

/**
 * The event of a number, published that many milliseconds after the first event: each number has its own
 * event.
 */
export const stamp = (number: number): EventStamp => ({
  eventId: number.toString(16).padStart(32, '0'),
  publishedAtMs: PUBLISHED_AT_MS + number,
});
