import { describe, expect, it } from 'vitest';
import { decide } from '../../../functions/onPayment/decide.ts';
import { payment } from '../../support/builders.ts';

describe('a payment', () => {
  it.each([
    [
      'is early when nothing is known of its order',
      { orderExists: false, paymentId: undefined },
      { kind: 'early' },
    ],
    [
      'is early when a row is there that a payment made',
      { orderExists: false, paymentId: 1001n },
      { kind: 'early' },
    ],
    [
      'is early even beside another early payment',
      { orderExists: false, paymentId: 1002n },
      { kind: 'early' },
    ],
    ['matches an order without a payment', { orderExists: true, paymentId: undefined }, { kind: 'match' }],
    ['matches an order that shows it already', { orderExists: true, paymentId: 1001n }, { kind: 'match' }],
    [
      'is in conflict with an order that shows another',
      { orderExists: true, paymentId: 1002n },
      { kind: 'conflict', shownPaymentId: 1002n },
    ],
    [
      'is in conflict with an order that shows payment 0',
      { orderExists: true, paymentId: 0n },
      { kind: 'conflict', shownPaymentId: 0n },
    ],
  ])('%s', (_what, fact, decision) => {
    const result = decide(payment({ paymentId: 1001n }), fact);

    expect(result).toEqual(decision);
  });
});
