import { describe, expect, it } from 'vitest';
import { standsBesideAnother } from '../../../shared/domain/paymentMethod.ts';

describe('a payment method', () => {
  it.each([
    'gift card',
    'Gift_Card',
    'GIFTCARD',
    'gift-voucher',
    'Voucher',
    'Store Credit',
    'credit_note',
    'Loyalty points',
  ])('stands beside another: %s', (method) => {
    expect(standsBesideAnother(method)).toBe(true);
  });

  it.each(['Credit Card', 'PayPal', 'Apple Pay', 'Bank Transfer', '', 'card', 'gift'])(
    'pays the whole order: %j',
    (method) => {
      expect(standsBesideAnother(method)).toBe(false);
    },
  );
});
