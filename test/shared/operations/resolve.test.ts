import { describe, expect, it } from 'vitest';
import type { LedgerEntry } from '../../../shared/domain/ledgerEntry.ts';
import { openFindings, resolve } from '../../../shared/operations/resolve.ts';
import { accept } from '../../../shared/protocol/accept.ts';
import { LEDGER_CHARACTERS_MAX } from '../../../shared/store/store.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import { acceptAll } from '../../support/audit/acceptAll.ts';
import { PUBLISHED_AT_MS } from '../../support/messages/domain.ts';
import { orderEntry, paymentEntry } from '../../support/messages/entries.ts';

const clock = () => PUBLISHED_AT_MS + 60_000;
const MANDATE = { operationId: 'op-1', operator: 'ann', because: 'it is paid back' };
/** The findings of order 1 as somebody sees them now. */
const look = async (store: ReturnType<typeof createMemoryStore>) =>
  openFindings(await store.findOrderRecord(1n));
const refsOf = (findings: readonly { readonly ref: string }[]): string[] => findings.map(({ ref }) => ref);
const early = (number: number) => paymentEntry(number, { paymentId: BigInt(number) });

describe('the findings of an order', () => {
  it('are no payments that wait', async () => {
    const store = createMemoryStore();
    await acceptAll(store, early(1), early(2));

    expect(await look(store)).toMatchObject([{ reason: 'conflict' }]);
  });

  it('are resolved, those that were seen', async () => {
    const store = createMemoryStore();
    const rival = orderEntry(4, { item: 'Phone' }, { publishedAtMs: orderEntry(3).publishedAtMs });
    await acceptAll(store, early(1), early(2), orderEntry(3), rival);
    const [conflict, rivals] = await look(store);
    if (conflict === undefined || rivals === undefined) throw new Error('two are needed');

    const resolved = await resolve({ store, clock }, { orderId: 1n, refs: [rivals.ref, 'a'] }, MANDATE);

    expect(resolved).toEqual([rivals]);
    expect(await look(store)).toEqual([conflict]);
  });

  it('stand again when a payment is paid again, after the refund with which they were resolved', async () => {
    const store = createMemoryStore();
    const word = (number: number, paymentStatus: string) =>
      paymentEntry(number, { paymentId: 2n, paymentStatus });
    await acceptAll(store, orderEntry(1), paymentEntry(2, { paymentId: 1n }), word(3, 'Completed'));
    await resolve({ store, clock }, { orderId: 1n, refs: refsOf(await look(store)) }, MANDATE);
    await acceptAll(store, word(4, 'Refunded'));
    expect(await look(store)).toEqual([]);

    await acceptAll(store, word(5, 'Completed'));

    expect(await look(store)).toMatchObject([{ reason: 'conflict' }]);
  });

  it.each([
    ['conflict', [orderEntry(0), early(1), early(2)], early(3)],
    [
      'changed',
      [1, 2].map((number) => paymentEntry(number, { cardLastFour: `000${number}` })),
      paymentEntry(3, { cardLastFour: '0003' }),
    ],
  ] as const)('as %s stay open when they change after somebody has looked', async (reason, entries, more) => {
    const store = createMemoryStore();
    await acceptAll(store, ...entries);
    const seen = await look(store);
    await acceptAll(store, more);

    const resolved = await resolve({ store, clock }, { orderId: 1n, refs: refsOf(seen) }, MANDATE);

    expect(seen).toMatchObject([{ reason }]);
    expect(resolved).toEqual([]);
    expect(await look(store)).toMatchObject([{ reason }]);
    expect((await store.findOrderRecord(1n)).ledger.some(({ kind }) => kind === 'decision')).toBe(false);
  });

  it('of a ledger that is too long to be read are one, until somebody has resolved it', async () => {
    const store = createMemoryStore();
    const paymentDatetime = 'x'.repeat(LEDGER_CHARACTERS_MAX / 100);
    for (let number = 0; number <= 100; number += 1)
      await store.recordEntry(paymentEntry(number, { paymentId: BigInt(number), paymentDatetime }));

    const seen = await look(store);
    await resolve({ store, clock }, { orderId: 1n, refs: refsOf(seen) }, MANDATE);

    expect(seen).toMatchObject([
      {
        reason: 'too_many',
        error: 'order 1 has too many payment events or versions of one time, or too much text to be read',
      },
    ]);
    expect(await look(store)).toEqual([]);
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
      await resolve({ store, clock }, { orderId: 1n, refs: refsOf(await look(store)) }, MANDATE);
      const repeat = { ...second, eventId: 'e'.repeat(32) };
      await acceptAll(store, repeat);
      const resolved = await look(store);

      const told = await reportsOfAccepting(store, third);

      expect(resolved).toEqual([]);
      expect(told).toEqual([reason]);
      expect(await look(store)).toMatchObject([{ reason }]);
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
