import { describe, expect, it } from 'vitest';
import { decide, isShown } from '../../../functions/onPayment/decide.ts';
import { ledgerEntry } from '../../support/messages/builders.ts';
import { payment } from '../../../proof/referenceMessages.ts';

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
      { kind: 'conflict', otherPaymentId: 1002n },
    ],
    [
      'is in conflict with an order that shows payment 0',
      { orderExists: true, paymentId: 0n },
      { kind: 'conflict', otherPaymentId: 0n },
    ],
  ])('%s', (_what, fact, decision) => {
    const result = decide(payment({ paymentId: 1001n }), fact, []);

    expect(result).toEqual(decision);
  });
});

describe('a payment that its order shows already', () => {
  const shown = { orderExists: true, paymentId: 1001n };

  it('is told from one that it does not show', () => {
    expect(isShown(payment({ paymentId: 1001n }), shown)).toBe(true);
    expect(isShown(payment({ paymentId: 1002n }), shown)).toBe(false);
    expect(isShown(payment({ paymentId: 1001n }), { ...shown, orderExists: false })).toBe(false);
  });

  it('matches when the ledger has no other', () => {
    expect(decide(payment({ paymentId: 1001n }), shown, [ledgerEntry()])).toEqual({ kind: 'match' });
  });

  it('is in conflict with one that only the ledger has, whatever the order shows', () => {
    const other = ledgerEntry({ payment: payment({ paymentId: 7n }) });

    const result = decide(payment({ paymentId: 1001n }), { orderExists: true, paymentId: undefined }, [
      other,
    ]);

    expect(result).toEqual({ kind: 'conflict', otherPaymentId: 7n });
  });

  it('is in conflict with another one that the ledger has', () => {
    const other = ledgerEntry({ payment: payment({ paymentId: 7n }) });

    expect(decide(payment({ paymentId: 1001n }), shown, [ledgerEntry(), other])).toEqual({
      kind: 'conflict',
      otherPaymentId: 7n,
    });
  });
});
