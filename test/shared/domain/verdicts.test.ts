import { describe, expect, it } from 'vitest';
import type { PaymentEntry } from '../../../shared/domain/ledgerEntry.ts';
import { shownPayment, verdictsOf } from '../../../shared/domain/verdicts.ts';
import { PUBLISHED_AT_MS } from '../../support/messages/domain.ts';
import { paymentEntry } from '../../support/messages/entries.ts';

/** A word about a payment id, said so many milliseconds after the first event. */
const word = (paymentId: bigint, paymentStatus: string, ms: number, method = 'PayPal'): PaymentEntry =>
  paymentEntry(ms, { paymentId, paymentStatus, paymentMethod: method }, { atMs: PUBLISHED_AT_MS + ms });

/** The same words in every order in which they can be read. */
const orders = <T>(items: readonly T[]): T[][] =>
  items.length === 0
    ? [[]]
    : items.flatMap((item, index) => orders(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));

const saying = (entry: PaymentEntry | undefined) => entry?.payment.paymentStatus;

describe('the verdict on a payment id', () => {
  it.each([
    ['the newest word', ['Paid', 5], ['Refunded', 9], 'Refunded'],
    [
      'the newest word, even if it is earlier in a payment’s life',
      ['Refunded', 5],
      ['Pending', 9],
      'Pending',
    ],
    ['of two words of one time refunded, not succeeded', ['Paid', 5], ['Refunded', 5], 'Refunded'],
    ['of two words of one time succeeded, not failed', ['Paid', 5], ['Failed', 5], 'Paid'],
    ['of two words of one time failed, not pending', ['Pending', 5], ['Failed', 5], 'Failed'],
    ['of two words of one time pending, not unknown', ['Pending', 5], ['frozen', 5], 'Pending'],
    ['of two unknown words of one time the larger text', ['frozen', 5], ['thawed', 5], 'thawed'],
  ] as const)('is %s', (_what, [first, firstMs], [second, secondMs], expected) => {
    for (const entries of orders([word(1n, first, firstMs), word(1n, second, secondMs)])) {
      expect(verdictsOf(entries).map(saying)).toEqual([expected]);
    }
  });

  it('is the event with the larger id, when two say the very same at the same time', () => {
    const stamped = { atMs: PUBLISHED_AT_MS };

    for (const entries of orders([paymentEntry(1, {}, stamped), paymentEntry(2, {}, stamped)])) {
      expect(verdictsOf(entries)).toEqual([paymentEntry(2, {}, stamped)]);
    }
  });

  it('is given for each payment id, ordered by id as a number', () => {
    for (const entries of orders([word(10n, 'Paid', 1), word(9n, 'Failed', 2), word(10n, 'Pending', 0)])) {
      expect(verdictsOf(entries)).toEqual([word(9n, 'Failed', 2), word(10n, 'Paid', 1)]);
    }
  });
});

describe('the payment that is shown', () => {
  it.each([
    ['succeeded, not refunded', ['Paid', 1], ['Refunded', 9], 'Paid'],
    ['refunded, not pending', ['Refunded', 1], ['Pending', 9], 'Refunded'],
    ['pending, not unknown', ['Pending', 1], ['frozen', 9], 'Pending'],
    ['unknown, not failed', ['frozen', 1], ['Declined', 9], 'frozen'],
    ['of two that succeeded the newer', ['Paid', 1], ['Captured', 9], 'Captured'],
    ['of two of one time the larger contents', ['Captured', 5], ['Paid', 5], 'Paid'],
  ] as const)('is %s', (_what, [first, firstMs], [second, secondMs], expected) => {
    for (const entries of orders([word(1n, first, firstMs), word(2n, second, secondMs)])) {
      expect(saying(shownPayment(verdictsOf(entries)))).toBe(expected);
    }
  });

  it('is the larger payment id, when all else is equal', () => {
    for (const entries of orders([word(9n, 'Paid', 5), word(10n, 'Paid', 5)])) {
      expect(shownPayment(verdictsOf(entries))?.payment.paymentId).toBe(10n);
    }
  });

  it('is nothing, when there is none', () => {
    expect(shownPayment([])).toBeUndefined();
  });
});
