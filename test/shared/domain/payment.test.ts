import { describe, expect, it } from 'vitest';
import type { Payment } from '../../../shared/domain/payment.ts';
import { isSamePayment } from '../../../shared/domain/payment.ts';
import { payment } from '../../../proof/referenceMessages.ts';

const CHANGES: readonly Partial<Payment>[] = [
  { paymentId: 1002n },
  { orderId: 2n },
  { paymentMethod: 'Cash' },
  { cardLastFour: '0002' },
  { paymentStatus: 'Refunded' },
  { paymentDatetime: '2024-01-22T01:01:30Z' },
];

describe('a payment', () => {
  it('is a repeat of one that says the same', () => {
    expect(isSamePayment(payment(), payment())).toBe(true);
  });

  it.each(CHANGES.map((change) => [Object.keys(change)[0], change] as const))(
    'is no repeat of one with another %s',
    (_field, change) => {
      expect(isSamePayment(payment(), payment(change))).toBe(false);
    },
  );

  it('is compared by each of its fields', () => {
    const compared = CHANGES.flatMap((change) => Object.keys(change));

    expect(compared.toSorted()).toEqual(Object.keys(payment()).toSorted());
  });
});
