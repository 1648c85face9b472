import { describe, expect, it } from 'vitest';
import { openFindings, resolve } from '../../../shared/operations/resolve.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import { acceptAll } from '../../support/audit/acceptAll.ts';
import { PUBLISHED_AT_MS } from '../../support/messages/domain.ts';
import { orderEntry, paymentEntry } from '../../support/messages/entries.ts';

const clock = () => PUBLISHED_AT_MS + 60_000;
const MANDATE = { operationId: 'op-1', operator: 'ann', because: 'it is paid back' };
const early = (number: number) => paymentEntry(number, { paymentId: BigInt(number) });

describe('the findings of an order', () => {
  it('are no payments that wait', async () => {
    const store = createMemoryStore();
    await acceptAll(store, early(1), early(2));

    expect(openFindings(await store.findOrderRecord(1n))).toMatchObject([{ reason: 'conflict' }]);
  });

  it('are all resolved when no reason is named', async () => {
    const store = createMemoryStore();
    const rival = orderEntry(4, { item: 'Phone' }, { publishedAtMs: orderEntry(3).publishedAtMs });
    await acceptAll(store, early(1), early(2), orderEntry(3), rival);

    const resolved = await resolve({ store, clock }, { orderId: 1n, reason: undefined }, MANDATE);

    expect(resolved.map(({ reason }) => reason).toSorted()).toEqual(['conflict', 'rivals']);
    expect(openFindings(await store.findOrderRecord(1n))).toEqual([]);
  });
});
