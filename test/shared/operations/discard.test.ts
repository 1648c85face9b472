import { describe, expect, it } from 'vitest';
import { discard } from '../../../shared/operations/discard.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import { PUBLISHED_AT_MS } from '../../support/messages/domain.ts';
import { deadLetterRow } from '../../support/messages/records.ts';

describe('a discard', () => {
  const mandate = { operationId: 'op-1', operator: 'ann', because: 'a test order' };

  it.each([
    ['an early payment', { reason: 'unmatched' }, 1],
    ['a finding', { reason: 'rivals' }, 1],
    // It is in no ledger, although its body names an order.
    ['an invalid message', { reason: 'invalid' }, 0],
    ['an invalid message without an order', { reason: 'invalid', orderId: undefined }, 0],
    ['something that names no order', { reason: 'rivals', orderId: undefined }, 0],
  ] as const)(
    'of %s is noted, and is a decision where it is about an order',
    async (_what, changes, count) => {
      const store = createMemoryStore();
      const row = deadLetterRow(1, changes);

      await discard({ store, clock: () => PUBLISHED_AT_MS }, row, mandate);

      const { ledger } = await store.findOrderRecord(1n);
      expect(ledger.map(({ entry }) => entry)).toMatchObject(
        Array.from({ length: count }, () => ({
          decision: 'discarded',
          ref: row.id,
          because: 'a test order',
        })),
      );
      expect(store.tables.ledger.keys()).toHaveLength(count);
      expect(await store.findActions(row)).toEqual([
        {
          reason: row.reason,
          kind: 'discarded',
          actedAtMs: PUBLISHED_AT_MS,
          operationId: 'op-1',
          operator: 'ann',
          because: 'a test order',
          redrives: undefined,
          detail: '',
        },
      ]);
    },
  );
});
