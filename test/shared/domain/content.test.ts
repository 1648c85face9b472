import { describe, expect, it } from 'vitest';
import { orderContent, paymentContent } from '../../../shared/domain/content.ts';
import { order, payment } from '../../support/messages/domain.ts';

const ORDER_CHANGES = [
  { customerId: 7n },
  { customerId: undefined },
  { item: 'Book' },
  { quantity: 3n },
  { price: 1 },
  { shippingAddress: 'elsewhere' },
  { shippingAddress: undefined },
  { orderStatus: 'Cancelled' },
  { creationDate: '2024-01-22' },
];
const PAYMENT_CHANGES = [
  { paymentMethod: 'Cash' },
  { cardLastFour: '0002' },
  { cardLastFour: undefined },
  { paymentStatus: 'Refunded' },
  { paymentDatetime: '2024-01-22T01:01:30Z' },
];

describe('the contents of an order', () => {
  it('are the same text for the same contents, whatever the order’s id', () => {
    expect(orderContent(order({ orderId: 2n }))).toBe(orderContent(order()));
  });

  it.each(ORDER_CHANGES)('are another text with %o', (change) => {
    expect(orderContent(order(change))).not.toBe(orderContent(order()));
  });

  it('hold every column but the id', () => {
    const compared = new Set(ORDER_CHANGES.flatMap((change) => Object.keys(change)));

    expect(compared.union(new Set(['orderId']))).toEqual(new Set(Object.keys(order())));
  });
});

describe('the contents of a payment', () => {
  it('are the same text for the same contents, whatever its ids', () => {
    expect(paymentContent(payment({ orderId: 2n, paymentId: 3n }))).toBe(paymentContent(payment()));
  });

  it.each(PAYMENT_CHANGES)('are another text with %o', (change) => {
    expect(paymentContent(payment(change))).not.toBe(paymentContent(payment()));
  });

  it('hold every column but the ids', () => {
    const compared = new Set(PAYMENT_CHANGES.flatMap((change) => Object.keys(change)));

    expect(compared.union(new Set(['orderId', 'paymentId']))).toEqual(new Set(Object.keys(payment())));
  });
});

describe('a missing column', () => {
  it('is another content than an empty text, and than the text null', () => {
    const contents = [undefined, '', 'null'].map((item) => paymentContent(payment({ cardLastFour: item })));

    expect(new Set(contents).size).toBe(3);
  });
});
