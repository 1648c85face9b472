import type { MessageFormField } from '../../../contract.ts';

/** A number as JSON writes it: https://www.rfc-editor.org/rfc/rfc8259#section-6 */
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

export type Texts = Readonly<Record<string, string>>;

/**
 * The JSON of a message, from what stands in the fields of its form. A number is copied digit by digit: it
 * never becomes a number of the browser, which has 53 bits. An empty field is left out.
 * `order_id` 9007199254740993, `price` 1,403.00 → `{"order_id": 9007199254740993, "price": "1,403.00"}`
 */
export const messageBody = (fields: readonly MessageFormField[], texts: Texts): string => {
  const parts = fields.flatMap(({ name, isNumber }) => {
    const text = texts[name] ?? '';
    if (text === '') return [];
    const value = isNumber && JSON_NUMBER.test(text.trim()) ? text.trim() : JSON.stringify(text);
    return [`${JSON.stringify(name)}: ${value}`];
  });
  return `{${parts.join(', ')}}`;
};

/** What stands in the form at first: a message that is valid. A field without an example begins empty. */
export const firstTexts = (nowMs: number, random: () => number): Texts => {
  const time = new Date(nowMs).toISOString();
  const id = (): string => String(100_000 + Math.floor(random() * 900_000));
  return {
    order_id: id(),
    item: 'Laptop',
    quantity: '1',
    price: '1403.00',
    shipping_address: '123 Main St, City A, Country',
    order_status: 'Pending',
    creation_date: time.slice(0, 10),
    payment_id: id(),
    payment_method: 'Credit Card',
    card_last_four: '0017',
    payment_status: 'Completed',
    payment_datetime: `${time.slice(0, 19)}Z`,
  };
};
