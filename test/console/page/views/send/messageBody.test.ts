import { describe, expect, it } from 'vitest';
import { firstTexts, messageBody } from '../../../../../console/page/views/send/messageBody.ts';
import { fieldsOf, parseOrder, parsePayment } from '../../../../../shared/messaging/parseMessage.ts';

const bodyOf = (kind: 'order' | 'payment', texts: Readonly<Record<string, string>>) =>
  messageBody(fieldsOf(kind), texts);

describe('the JSON of a message from its form', () => {
  it('is valid as the form begins, for an order and for the payment of it', () => {
    const texts = firstTexts(Date.UTC(2026, 10, 28, 14, 31), () => 0.5);

    const { order } = parseOrder(Buffer.from(bodyOf('order', texts)));
    const { payment } = parsePayment(Buffer.from(bodyOf('payment', texts)));

    expect(order).toMatchObject({ orderId: 550_000n, creationDate: '2026-11-28' });
    expect(payment).toMatchObject({ orderId: 550_000n, paymentDatetime: '2026-11-28T14:31:00Z' });
  });

  it('has the fields of the message schema in their order, and leaves empty ones out', () => {
    const body = bodyOf('payment', { order_id: '1', payment_id: '2', other: 'x', payment_method: '' });

    expect(body).toBe('{"payment_id": 2, "order_id": 1}');
  });

  it.each([
    ['9223372036854775807', '9223372036854775807'],
    ['9007199254740993', '9007199254740993'],
    [' 17 ', '17'],
    ['-0', '-0'],
    ['1e400', '1e400'],
    ['1403.00', '1403.00'],
    ['1,403.00', '"1,403.00"'],
    ['007', '"007"'],
    ['1.', '"1."'],
    ['0x10', '"0x10"'],
    ['NaN', '"NaN"'],
    ['12 000', '"12 000"'],
    ['"}', String.raw`"\"}"`],
  ])('writes the number %s digit by digit, or as a text', (text, written) => {
    expect(bodyOf('order', { price: text })).toBe(`{"price": ${written}}`);
  });

  it('never writes the text of a text field as a number', () => {
    expect(bodyOf('order', { item: '17' })).toBe('{"item": "17"}');
  });
});
