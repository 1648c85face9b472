import type { Order } from '../domain/order.ts';
import type { Payment } from '../domain/payment.ts';

/** The columns of a fact that order events write. No other event writes them (I5). */
export const orderCells = (order: Order) => ({
  customer_id: order.customerId,
  item: order.item,
  quantity: order.quantity,
  price: order.price,
  shipping_address: order.shippingAddress,
  order_status: order.orderStatus,
  creation_date: order.creationDate,
});

/** The columns of a fact that payment events write. No other event writes them (I5). */
export const paymentCells = (payment: Payment) => ({
  payment_id: payment.paymentId,
  payment_method: payment.paymentMethod,
  card_last_four: payment.cardLastFour,
  payment_status: payment.paymentStatus,
  payment_datetime: payment.paymentDatetime,
});
