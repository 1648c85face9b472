import { describe, expect, it } from 'vitest';
import { erasePayment } from '../../../shared/domain/payment.ts';
import { payment } from '../../support/messages/domain.ts';

describe('an erased payment', () => {
  it('has no digits of its card any more, and all else', () => {
    expect(erasePayment(payment())).toEqual(payment({ cardLastFour: undefined }));
  });
});
