import { normalizeWord } from './normalizeWord.ts';

/**
 * Methods that pay a part of an order beside another payment, so that two payments are no double payment.
 */
const BESIDE_ANOTHER: ReadonlySet<string> = new Set([
  'gift card',
  'giftcard',
  'gift voucher',
  'voucher',
  'store credit',
  'credit note',
  'loyalty points',
]);

/**
 * Whether a payment by this method stands beside another. `'Gift_Card'` → `true`; `'PayPal'` → `false`.
 */
export const standsBesideAnother = (paymentMethod: string): boolean =>
  BESIDE_ANOTHER.has(normalizeWord(paymentMethod));
