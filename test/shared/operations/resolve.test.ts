import { describe, expect, it } from 'vitest';
import type { LedgerEntry } from '../../../shared/domain/ledgerEntry.ts';
import { openFindings, resolve } from '../../../shared/operations/resolve.ts';
import { accept } from '../../../shared/protocol/accept.ts';
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

  it.each([
    [
      'rivals',
      ['Laptop', 'Phone', 'Tablet'].map((item, index) =>
        orderEntry(index, { item }, { atMs: PUBLISHED_AT_MS }),
      ),
    ],
    ['changed', ['1111', '2222', '3333'].map((cardLastFour, index) => paymentEntry(index, { cardLastFour }))],
  ] as const)(
    'that is resolved as %s is told again when a further content comes',
    async (reason, entries) => {
      const store = createMemoryStore();
      const [first, second, third] = entries;
      if (first === undefined || second === undefined || third === undefined)
        throw new Error('three are needed');
      await acceptAll(store, first, second);
      await resolve({ store, clock }, { orderId: 1n, reason }, MANDATE);
      const repeat = { ...second, eventId: 'e'.repeat(32) };
      await acceptAll(store, repeat);
      const resolved = openFindings(await store.findOrderRecord(1n));

      const told = await reportsOfAccepting(store, third);

      expect(resolved).toEqual([]);
      expect(told).toEqual([reason]);
      expect(openFindings(await store.findOrderRecord(1n))).toMatchObject([{ reason }]);
    },
  );
});

/** The findings that an event tells when it is accepted. */
const reportsOfAccepting = async (store: ReturnType<typeof createMemoryStore>, entry: LedgerEntry) => {
  const told: string[] = [];
  await accept(entry, {
    store,
    tell: async (reports) => void told.push(...reports.map(({ reason }) => reason)),
  });
  return told.filter((reason) => reason !== 'unmatched');
};
