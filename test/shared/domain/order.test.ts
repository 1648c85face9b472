import { describe, expect, it } from 'vitest';
import { eraseOrder } from '../../../shared/domain/order.ts';
import { order } from '../../support/messages/domain.ts';

describe('an erased order', () => {
  it('says no more who bought it and where it went, and all else', () => {
    expect(eraseOrder(order())).toEqual(order({ customerId: undefined, shippingAddress: undefined }));
  });
});
