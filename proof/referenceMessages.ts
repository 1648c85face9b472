/** A test number of a card network. Its Luhn check holds, and it belongs to nobody. */
export const CARD = '4111111111111111';

/** The JSON text of each field; undefined leaves the field out. */
export type JsonFields = Readonly<Record<string, string | undefined>>;

const toBytes = (fields: JsonFields): Buffer =>
  Buffer.from(
    `{${Object.entries(fields)
      .flatMap(([name, source]) => (source === undefined ? [] : [`${JSON.stringify(name)}: ${source}`]))
      .join(', ')}}`,
  );

/**
 * The bytes of `order()` as the reference sends them. `orderBytes({ price: '"1"', item: undefined })`
 * has a text as its price, and no item.
 */
export const orderBytes = (changes: JsonFields = {}): Buffer =>
  toBytes({
    order_id: '1',
    customer_id: '100',
    item: '"Laptop"',
    quantity: '2',
    price: '457.0966360351904',
    shipping_address: '"123 Main St, City A, Country"',
    order_status: '"Shipped"',
    creation_date: '"2024-01-21"',
    ...changes,
  });

/** The bytes of `payment()` as the reference sends them. */
export const paymentBytes = (changes: JsonFields = {}): Buffer =>
  toBytes({
    payment_id: '1001',
    order_id: '1',
    payment_method: '"PayPal"',
    card_last_four: '"0001"',
    payment_status: '"Completed"',
    payment_datetime: '"2024-01-21T01:01:30Z"',
    ...changes,
  });
