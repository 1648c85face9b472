import { describe, expect, it } from 'vitest';
import { bodyProblems } from '../../../../console/server/deadLetters/bodyProblems.ts';
import { orderBody, paymentBody } from '../../../support/messages/bodies.ts';

const lines = (topic: 'orders_data' | 'payments_data', text: string) =>
  bodyProblems(topic, text).map(({ field, line }) => [field, line]);
const pretty = (body: unknown): string => JSON.stringify(body, null, 2);

describe('the problems of an edited text', () => {
  it('are none when the schema accepts it', () => {
    expect(bodyProblems('orders_data', pretty(orderBody(1)))).toEqual([]);
    expect(bodyProblems('payments_data', pretty(paymentBody(1)))).toEqual([]);
  });

  it('have the line of their field, the last one where it stands twice, and none where it is missing', () => {
    const { item: _, ...body } = orderBody(1, {
      price: 'much',
      note: { quantity: 'not this one' },
      quantity: 0,
    });
    const text = pretty(body).replace('"price"', '"price": 1,\n  "price"');

    expect(lines('orders_data', text)).toEqual([
      ['item', null],
      ['quantity', 4],
      ['price', 6],
    ]);
  });

  it('are at the place where a text stops being JSON', () => {
    expect(lines('orders_data', '{\n  "order_id": 1,\n  oops\n}')).toEqual([[null, 3]]);
    expect(lines('orders_data', '')).toEqual([[null, 1]]);
    expect(lines('orders_data', '[1]')).toEqual([[null, 1]]);
  });

  it('are those of the text with its card numbers masked, which is what is sent', () => {
    expect(lines('orders_data', pretty(orderBody(1, { price: '4111111111111111' })))).toEqual([
      ['price', expect.any(Number)],
    ]);
  });

  it('quote nothing of the text', () => {
    const said = JSON.stringify(
      bodyProblems('payments_data', pretty(paymentBody(1, { card_last_four: '4111111111111111' }))),
    );

    expect(said).toContain('a string of 16 characters');
    expect(said).not.toContain('4111');
  });
});
