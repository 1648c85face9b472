import type { Order } from '../domain/order.ts';
import type { Payment } from '../domain/payment.ts';

/** The fact's columns that order events own, and no others write (I5). */
export const orderCells = (order: Order) => ({
  customer_id: order.customerId,
  item: order.item,
  quantity: order.quantity,
  price: order.price,
  shipping_address: order.shippingAddress,
  order_status: order.orderStatus,
  creation_date: order.creationDate,
});

/** The fact's columns that payment events own, and no others write (I5). */
export const paymentCells = (payment: Payment) => ({
  payment_id: payment.paymentId,
  payment_method: payment.paymentMethod,
  card_last_four: payment.cardLastFour,
  payment_status: payment.paymentStatus,
  payment_datetime: payment.paymentDatetime,
});
