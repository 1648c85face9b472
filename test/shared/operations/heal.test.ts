import { describe, expect, it } from 'vitest';
import { heal } from '../../../shared/operations/heal.ts';
import { healAndLook } from '../../../shared/operations/healAndLook.ts';
import { sayHealed } from '../../../shared/operations/sayHealed.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import { acceptAll, recordOnly } from '../../support/audit/acceptAll.ts';
import { PUBLISHED_AT_MS, stamp } from '../../support/messages/domain.ts';
import { decisionEntry, orderEntry, paymentEntry } from '../../support/messages/entries.ts';
import { deadLetterOf } from '../../support/messages/records.ts';

const NOW_MS = PUBLISHED_AT_MS + 3_600_000;
const MANDATE = { operationId: 'op-1', operator: 'ann', because: 'it is a test' };
const FINDING_ID = 'f'.repeat(32);

const setUp = () => {
  const store = createMemoryStore();
  const healed = (changes: Partial<typeof store> = {}, firstMs?: number) =>
    heal(
      { store: { ...store, ...changes }, clock: () => NOW_MS, ...(firstMs === undefined ? {} : { firstMs }) },
      1n,
      MANDATE,
    );
  return { store, healed };
};
const early = (number: number) => paymentEntry(number, { paymentId: BigInt(number) });
/** Two of these are no conflict. */
const pending = (number: number) =>
  paymentEntry(number, { paymentId: BigInt(number), paymentStatus: 'Pending' });

describe('a heal', () => {
  it('of an order that nobody knows says so, and writes nothing', async () => {
    const { store } = setUp();

    const result = await healAndLook({ store, clock: () => NOW_MS }, 1n, MANDATE);

    expect(result).toMatchObject({ isKnown: false, problems: [], told: [], erased: 0 });
    expect(sayHealed(1n, result)).toBe('Order 1 is unknown: it has no row and no event');
    expect(await store.findOrderRecord(1n)).toMatchObject({ fact: undefined, ledger: [] });
  });

  it('shows no row while the order has not come', async () => {
    const { store, healed } = setUp();
    await recordOnly(store, paymentEntry(1));

    await healed();

    expect((await store.findOrderRecord(1n)).fact).toBeUndefined();
  });

  it('blanks what an erasure covers, older versions too, and nothing later', async () => {
    const { store, healed } = setUp();
    const covered = [orderEntry(0), orderEntry(1), orderEntry(2), early(3)];
    await recordOnly(store, ...covered, decisionEntry(4), early(5));

    await healed();

    const { ledger } = await store.findOrderRecord(1n);
    const blanked = ledger.flatMap(({ eventId, erasedAtMs }) => (erasedAtMs === undefined ? [] : eventId));
    expect(blanked.toSorted()).toEqual(covered.map(({ eventId }) => eventId));
    expect(ledger.find(({ eventId }) => eventId === early(5).eventId)?.entry).toEqual(early(5));
    expect(new Set(ledger.map(({ erasedAtMs }) => erasedAtMs))).toEqual(
      new Set([undefined, stamp(4).publishedAtMs]),
    );
  });

  it.each([
    [200, [100, 100]],
    [201, [100, 100, 1]],
  ])('blanks a hundred entries in a statement, and of %i each once', async (count, sizes) => {
    const { store, healed } = setUp();
    const entries = Array.from({ length: count }, (_, index) => early(index));
    await recordOnly(store, ...entries, decisionEntry(300));
    const blanked: (readonly string[])[] = [];

    await healed({
      showOrder: async ({ blanks }) => {
        blanked.push((blanks?.entries ?? []).map(({ eventId }) => eventId));
      },
    });

    expect(blanked.map(({ length }) => length)).toEqual(sizes);
    expect(new Set(blanked.flat()).size).toBe(count);
  });

  it('looks for no payloads where nothing was erased', async () => {
    const { store, healed } = setUp();
    await recordOnly(store, early(1));

    const scanPlacesOfOrder = () => {
      throw new Error('nobody asked for it');
    };

    expect(await healed({ scanPlacesOfOrder })).toMatchObject({ erased: 0 });
  });

  it('tells that each payment waits, with the words of its own event', async () => {
    const { store, healed } = setUp();
    await acceptAll(store, pending(1));
    await recordOnly(store, pending(2));

    expect(await healed()).toMatchObject({ told: [{ reason: 'unmatched', id: stamp(2).eventId }] });

    expect(await store.findDeadLetters(await placeOf(store, stamp(2).eventId))).toMatchObject([
      {
        toldBy: stamp(2).eventId,
        publishedAtMs: stamp(2).publishedAtMs,
        originTopic: 'payments_data',
        paymentId: 2n,
        isRedacted: false,
      },
    ]);
  });

  it.each([
    [
      'the order',
      [early(5), early(6), orderEntry(4)],
      stamp(4),
      { originTopic: 'orders_data', paymentId: undefined },
    ],
    [
      'a payment',
      [orderEntry(9), early(6), early(5)],
      stamp(5),
      { originTopic: 'payments_data', paymentId: 5n },
    ],
  ])('tells a finding by its earliest event, which is %s', async (_what, entries, { eventId }, told) => {
    const { store, healed } = setUp();
    await recordOnly(store, decisionEntry(1, { decision: 'resolved', ref: 'another' }), ...entries);

    await healed();

    const letters = await Array.fromAsync(store.scanDeadLetters());
    expect(letters).toMatchObject([{ reason: 'conflict', toldBy: eventId, ...told }]);
  });

  it('tells about an event that was invalid before, although a dead letter of it is there', async () => {
    const { store, healed } = setUp();
    await store.recordDeadLetter(deadLetterOf(1, { reason: 'invalid' }));
    await recordOnly(store, early(1));

    expect((await healed()).told).toMatchObject([{ reason: 'unmatched' }]);
    expect((await healed()).told).toEqual([]);
  });

  it('does not tell again what may have been told and have expired', async () => {
    const { store, healed } = setUp();
    await recordOnly(store, early(1));

    expect((await healed({ mayHaveExpired: async () => true })).told).toEqual([]);
    expect((await healed()).told).toMatchObject([{ reason: 'unmatched' }]);
  });

  it('erases the payloads that an erasure covers, once, and no later ones', async () => {
    const { store, healed } = setUp();
    await acceptAll(store, pending(1));
    await recordOnly(store, decisionEntry(4));
    await acceptAll(store, pending(5));

    expect(await healed()).toMatchObject({ erased: 1 });
    expect(await healed()).toMatchObject({ erased: 0 });

    const letters = await Array.fromAsync(store.scanDeadLetters());
    expect(letters.map(({ id, payloadBytes }) => [id, payloadBytes])).toEqual([
      [stamp(1).eventId, 0],
      [stamp(5).eventId, 2],
    ]);
    expect(await store.findActions(await placeOf(store, stamp(1).eventId))).toMatchObject([
      { kind: 'erased', actedAtMs: stamp(4).publishedAtMs, operationId: 'op-1' },
    ]);
    expect(await store.findActions(await placeOf(store, stamp(5).eventId))).toEqual([]);
  });

  it.each([
    [undefined, 1],
    [PUBLISHED_AT_MS - 20 * 86_400_000, 1],
    [PUBLISHED_AT_MS + 20 * 86_400_000, 0],
  ])('looks for dead letters from the month of %s on, and erases %i', async (firstMs, erased) => {
    const { store, healed } = setUp();
    await recordOnly(store, early(1), decisionEntry(4));
    await store.recordDeadLetter(deadLetterOf(2, { reason: 'conflict', id: FINDING_ID }));

    expect(await healed({}, firstMs)).toMatchObject({ erased });
  });
});

const placeOf = async (store: ReturnType<typeof createMemoryStore>, id: string) => {
  const rows = await Array.fromAsync(store.scanDeadLetters());
  const row = rows.find((one) => one.id === id);
  if (row === undefined) throw new Error('expected a dead letter');
  return row;
};
