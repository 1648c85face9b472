/** Bodies as the reference publishes them. */
export const orderBody = (orderId: bigint | number | string, changes: Record<string, unknown> = {}) => ({
  order_id: orderId,
  customer_id: 101,
  item: 'Laptop',
  quantity: 2,
  price: 457.0966360351904,
  shipping_address: '123 Main St, City A, Country',
  order_status: 'Shipped',
  creation_date: '2024-01-21',
  ...changes,
});

export const paymentBody = (orderId: bigint | number, changes: Record<string, unknown> = {}) => ({
  payment_id: typeof orderId === 'bigint' ? orderId + 1000n : orderId + 1000,
  order_id: orderId,
  payment_method: 'PayPal',
  card_last_four: '0001',
  payment_status: 'Completed',
  payment_datetime: '2024-01-21T500:01:30Z',
  ...changes,
});
