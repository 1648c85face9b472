/** What a word about a payment means. Nobody knows what an `unknown` word means, so it may mean paid. */
export type Meaning = 'paid' | 'refunded' | 'pending' | 'failed' | 'unknown';

const MEANINGS: Readonly<Record<Exclude<Meaning, 'unknown'>, string>> = {
  paid: 'completed, complete, succeeded, success, successful, paid, captured, settled, partially refunded',
  refunded: 'refunded, refund, reversed, charged back, chargeback',
  pending:
    'pending, processing, in progress, authorized, authorised, created, initiated, submitted, on hold, ' +
    'requires action, requires capture, requires confirmation, requires payment method',
  failed: 'failed, failure, declined, denied, rejected, refused, error, expired, voided, canceled, cancelled',
};
const KNOWN = new Map(
  (['paid', 'refunded', 'pending', 'failed'] as const).flatMap((meaning) =>
    MEANINGS[meaning].split(', ').map((word): [string, Meaning] => [word, meaning]),
  ),
);
const PARTS = new Set([
  'gift card',
  'giftcard',
  'gift voucher',
  'voucher',
  'store credit',
  'credit note',
  'loyalty points',
]);

/** A word as a person reads it, without capitals, dashes and underscores. `'GIFT_card'` → `'gift card'`. */
export const plainWord = (word: string): string =>
  word
    .toLowerCase()
    .split(/[\s_-]+/)
    .filter((part) => part !== '')
    .join(' ');

/** The meaning of a word of `payment_status`, as the documentation lists them. */
export const judgeStatus = (word: string): Meaning => KNOWN.get(plainWord(word)) ?? 'unknown';

interface Words {
  readonly paymentStatus: string;
  readonly paymentMethod: string;
}

/** Whether a payment may have paid for its whole order, so that another one beside it is a double payment. */
export const mayPayAll = ({ paymentStatus, paymentMethod }: Words): boolean =>
  ['paid', 'unknown'].includes(judgeStatus(paymentStatus)) && !PARTS.has(plainWord(paymentMethod));
