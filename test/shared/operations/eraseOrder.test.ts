import { describe, expect, it } from 'vitest';
import { eraseOrder, eraseUpTo } from '../../../shared/operations/eraseOrder.ts';
import { TransientError } from '../../../shared/errors.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import { LEDGER_CHARACTERS_MAX } from '../../../shared/store/store.ts';
import { acceptAll, recordOnly } from '../../support/audit/acceptAll.ts';
import { PUBLISHED_AT_MS, stamp } from '../../support/messages/domain.ts';
import { decisionEntry, orderEntry, paymentEntry } from '../../support/messages/entries.ts';
import { deadLetterOf } from '../../support/messages/records.ts';

const DAY_MS = 86_400_000;
const NOW_MS = PUBLISHED_AT_MS + DAY_MS;
const MANDATE = { operationId: 'op-1', operator: 'ann', because: 'asked for it' };
const early = (number: number) => paymentEntry(number, { paymentId: BigInt(number) });

describe('an erasure', () => {
  it('counts what it took away, without decisions', async () => {
    const store = createMemoryStore();
    await acceptAll(store, early(1), early(2), orderEntry(3));
    await acceptAll(store, decisionEntry(4, { decision: 'resolved', ref: 'another' }));

    // Two payments waited, and then they were a conflict.
    expect(await eraseOrder({ store, clock: () => PUBLISHED_AT_MS + 60_000 }, 1n, MANDATE)).toEqual({
      entries: 3,
      deadLetters: 3,
    });

    const { ledger } = await store.findOrderRecord(1n);
    expect(ledger.map(({ entry }) => entry)).toContainEqual(
      expect.objectContaining({ decision: 'erased', ref: '', publishedAtMs: PUBLISHED_AT_MS + 60_000 }),
    );
    const [row] = await Array.fromAsync(store.scanDeadLetters());
    expect(row && (await store.findActions(row))).toMatchObject([
      { kind: 'erased', actedAtMs: PUBLISHED_AT_MS + 60_000, operator: 'ann', detail: '' },
    ]);
  });

  it('covers all that is here, also when its clock is behind', async () => {
    const store = createMemoryStore();
    await acceptAll(store, early(7), orderEntry(5));

    await eraseOrder({ store, clock: () => 0 }, 1n, MANDATE);

    const { ledger } = await store.findOrderRecord(1n);
    expect(ledger.find(({ kind }) => kind === 'decision')?.publishedAtMs).toBe(stamp(7).publishedAtMs);
  });

  it('leaves a dead letter alone that tells of a later event', async () => {
    const store = createMemoryStore();
    await acceptAll(store, early(1), early(9));
    const erasedAtMs = stamp(5).publishedAtMs;

    expect(await eraseUpTo({ store }, { orderId: 1n, erasedAtMs }, MANDATE)).toMatchObject({
      deadLetters: 2 - 1,
    });

    const rows = await Array.fromAsync(store.scanDeadLetters());
    const later = rows.filter(({ toldBy }) => toldBy === stamp(9).eventId);
    expect(later.map(({ payloadBytes }) => payloadBytes)).toEqual(later.map(() => 2));
    for (const row of later) expect(await store.findActions(row)).toEqual([]);
  });

  it('covers a dead letter, too, that is younger than its clock', async () => {
    const store = createMemoryStore();
    await store.recordDeadLetter(deadLetterOf(7, { reason: 'invalid' }));

    await eraseOrder({ store, clock: () => PUBLISHED_AT_MS - 60_000 }, 1n, MANDATE);

    expect(await Array.fromAsync(store.scanDeadLetters())).toMatchObject([{ payloadBytes: 0 }]);
  });

  it('of an order of which only dead letters are known covers what comes later and was published before', async () => {
    const store = createMemoryStore();
    await store.recordDeadLetter(deadLetterOf(1, { reason: 'invalid' }));

    expect(await eraseOrder({ store, clock: () => PUBLISHED_AT_MS + DAY_MS }, 1n, MANDATE)).toEqual({
      entries: 0,
      deadLetters: 1,
    });
    await acceptAll(store, orderEntry(3));

    const { fact } = await store.findOrderRecord(1n);
    expect(fact?.order).toMatchObject({ customerId: undefined, shippingAddress: undefined, item: 'Laptop' });
  });

  it.each([
    [undefined, 1],
    [PUBLISHED_AT_MS - 20 * DAY_MS, 1],
    [PUBLISHED_AT_MS + 20 * DAY_MS, 0],
  ])('looks for dead letters from the month of %s on, and erases %i', async (firstMs, deadLetters) => {
    const store = createMemoryStore();
    await store.recordDeadLetter(deadLetterOf(1, { reason: 'invalid' }));
    const erasedAtMs = PUBLISHED_AT_MS + 90 * DAY_MS;
    const deps = firstMs === undefined ? { store } : { store, firstMs };

    expect(await eraseUpTo(deps, { orderId: 1n, erasedAtMs }, MANDATE)).toMatchObject({ deadLetters });
  });

  it.each([
    ['nothing', []],
    ['a payment', [paymentEntry(2)]],
    ['a guest’s order', [orderEntry(2, { customerId: undefined })]],
  ])(
    'that dies half-way beside %s leaves a payload, or the decision: one leads to the order',
    async (...of) => {
      const store = createMemoryStore();
      await recordOnly(store, ...of[1]);
      await store.recordDeadLetter(deadLetterOf(1, { reason: 'invalid' }));
      const dying = { ...store, recordEntry: () => Promise.reject(new TransientError('no host answered')) };

      await expect(eraseOrder({ store: dying, clock: () => NOW_MS }, 1n, MANDATE)).rejects.toThrow('no host');

      expect(await Array.fromAsync(store.scanDeadLetters())).toMatchObject([{ payloadBytes: 2 }]);
    },
  );

  it('reaches the dead letters of all payments, also of those that a cut read of the ledger leaves out', async () => {
    const store = createMemoryStore();
    // Twenty of these texts are as much as is read of one order.
    const text = 'x'.repeat(LEDGER_CHARACTERS_MAX / 20);
    for (let number = 1; number <= 40; number += 1) {
      await recordOnly(store, paymentEntry(number, { paymentMethod: text }));
      await store.recordDeadLetter(deadLetterOf(number));
    }

    const findOrderRecord = async (orderId: bigint) => {
      const record = await store.findOrderRecord(orderId);
      return { ...record, ledger: record.ledger.slice(0, 21) };
    };

    expect(
      await eraseOrder({ store: { ...store, findOrderRecord }, clock: () => NOW_MS }, 1n, MANDATE),
    ).toMatchObject({ deadLetters: 40 });

    const rows = await Array.fromAsync(store.scanDeadLetters());
    expect(rows.map(({ payloadBytes }) => payloadBytes)).toEqual(rows.map(() => 0));
  });
});
