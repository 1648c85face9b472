import { describe, expect, it } from 'vitest';
import { toLedgerRow } from '../../../shared/store/rows.ts';

const KEY = { order_id: 1n, at: new Date(1_000), event_id: 'e' };

describe('a row of the ledger', () => {
  it('has no entry when only its key is there', () => {
    expect(toLedgerRow(KEY)).toMatchObject({ orderId: 1n, eventId: 'e', entry: undefined });
  });

  it.each([
    [{ order_id: 1 }, 'order_id: expected a bigint, got a number'],
    [{ at: 1_000 }, 'at: expected a time, got a number'],
    [{ event_id: null }, 'event_id: expected a value, got none'],
    [{ quantity: 2 }, 'quantity: expected a bigint, got a number'],
    [{ redacted: 'yes' }, 'redacted: expected a boolean, got a string'],
  ])('is refused when a table of another shape gives %j', (other, words) => {
    expect(() => toLedgerRow({ ...KEY, ...other })).toThrow(words);
  });
});
