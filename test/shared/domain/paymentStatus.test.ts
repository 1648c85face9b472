import { describe, expect, it } from 'vitest';
import { PAYMENT_STATUSES, paymentStatusOf } from '../../../shared/domain/paymentStatus.ts';

describe('a word of payment_status', () => {
  it.each([
    [
      'succeeded',
      ['Completed', 'complete', 'SUCCEEDED', 'success', 'successful', 'paid', 'captured', 'Settled'],
    ],
    ['succeeded', ['partially_refunded']],
    ['refunded', ['refunded', 'Refund', 'reversed', 'charged_back', 'ChargeBack']],
    ['pending', ['Pending', 'processing', 'in_progress', 'authorized', 'AUTHORISED', 'created', 'initiated']],
    ['pending', ['submitted', 'on-hold', 'requires_action', 'requires_capture', 'requires_confirmation']],
    ['pending', ['requires_payment_method']],
    [
      'failed',
      ['Failed', 'failure', 'DECLINED', 'denied', 'rejected', 'refused', 'error', 'expired', 'voided'],
    ],
    ['failed', ['canceled', 'Cancelled']],
    ['unknown', ['', 'frozen', 'unknown', 'paid?', 'not paid', 'constructor', '__proto__']],
  ] as const)('means %s: %j', (status, words) => {
    expect(words.map(paymentStatusOf)).toEqual(words.map(() => status));
  });

  it('has one of five meanings', () => {
    expect(PAYMENT_STATUSES).toEqual(['succeeded', 'refunded', 'pending', 'unknown', 'failed']);
  });
});
