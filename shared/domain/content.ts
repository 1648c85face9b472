import type { Order } from './order.ts';
import type { Payment } from './payment.ts';

/** The contents of an order as one text. Two versions with equal texts say the same. */
export const orderContent = (order: Order): string =>
  contentOf([
    order.customerId,
    order.item,
    order.quantity,
    order.price,
    order.shippingAddress,
    order.orderStatus,
    order.creationDate,
  ]);

/** The contents of a payment as one text. Two events with equal texts say the same. */
export const paymentContent = (payment: Payment): string =>
  contentOf([payment.paymentMethod, payment.cardLastFour, payment.paymentStatus, payment.paymentDatetime]);

const contentOf = (values: readonly (bigint | number | string | undefined)[]): string =>
  JSON.stringify(values.map((value) => (typeof value === 'bigint' ? value.toString() : (value ?? null))));
