import { describe, expect, it } from 'vitest';
import { type DeadLetterKey, deadLetterKeyOf } from '../../../shared/domain/deadLetter.ts';
import { ANY_DEAD_LETTER, type DeadLetterFilter } from '../../../shared/operations/deadLetterFilter.ts';
import {
  everUntil,
  findDeadLetters,
  findHeads,
  scanOfOrder,
} from '../../../shared/operations/findDeadLetters.ts';
import { comparePlaces, type DeadLetterPlace } from '../../../shared/domain/deadLetterPlace.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import type { HeadColumn } from '../../../shared/store/operationsStore.ts';
import { LEDGER_ENTRIES_MAX } from '../../../shared/store/store.ts';
import { PUBLISHED_AT_MS, stamp } from '../../support/messages/domain.ts';
import { orderEntry, paymentEntry } from '../../support/messages/entries.ts';
import { deadLetterOf, deadLetterRow, ledgerRow, orderRecord } from '../../support/messages/records.ts';

const DAY_MS = 86_400_000;
const NOW_MS = PUBLISHED_AT_MS + 3_600_000;
const EVER = { sinceMs: 0, untilMs: NOW_MS };
const idOf = (number: number): string => stamp(number).eventId;

/** A store in memory that takes notes of what is read, and how much at once. */
const setUp = () => {
  const memory = createMemoryStore();
  const days: string[] = [];
  const keys: DeadLetterKey[] = [];
  const columns: (readonly HeadColumn[])[] = [];
  let running = 0;
  const atOnce = { most: 0 };
  const store = {
    ...memory,
    scanDay: (day: string, after?: DeadLetterPlace) => {
      days.push(after === undefined ? day : `${day} behind ${after.id}`);
      return memory.scanDay(day, after);
    },
    scanHeads: (day: string, which: readonly HeadColumn[]) => {
      days.push(day);
      columns.push(which);
      return memory.scanHeads(day, which);
    },
    findDeadLetters: async (key: DeadLetterKey) => {
      keys.push(key);
      running += 1;
      atOnce.most = Math.max(atOnce.most, running);
      await Promise.resolve();
      running -= 1;
      return memory.findDeadLetters(key);
    },
  };
  const find = async (filter: Partial<DeadLetterFilter>, after?: DeadLetterPlace) => {
    const groups = await Array.fromAsync(
      findDeadLetters(store, { ...ANY_DEAD_LETTER, ...filter }, { nowMs: NOW_MS, after }),
    );
    return groups.flat().map(({ id }) => id);
  };
  return { store, days, keys, columns, atOnce, find };
};

describe('dead letters by their days', () => {
  it('are looked for from the first to the last, and up to a day behind our clock', async () => {
    const { days, find } = setUp();

    await find({ sinceMs: PUBLISHED_AT_MS - DAY_MS });
    await find({ sinceMs: PUBLISHED_AT_MS, untilMs: PUBLISHED_AT_MS });

    expect(days).toEqual(['2024-01-20', '2024-01-21', '2024-01-22', '2024-01-21']);
  });

  it('are looked for since Pub/Sub exists when nobody says since when', async () => {
    const { days, find } = setUp();

    await find({ untilMs: Date.UTC(2015, 0, 2) });

    expect(days).toEqual(['2015-01-01', '2015-01-02']);
  });

  it('go on behind one of them, and only those that match are given', async () => {
    const { store, days, find } = setUp();
    const letters = [1, 2, 3].map((number) => deadLetterOf(number));
    for (const letter of letters) await store.recordDeadLetter(letter);
    await store.recordDeadLetter(deadLetterOf(4, { reason: 'invalid' }));
    await store.recordDeadLetter(deadLetterOf(5, { sinceMs: PUBLISHED_AT_MS + DAY_MS }));
    const after = deadLetterRow(2);

    const found = await find({ reasons: ['unmatched'], sinceMs: PUBLISHED_AT_MS - DAY_MS }, after);

    expect(found).toEqual([idOf(3), idOf(5)]);
    expect(days).toEqual([`2024-01-21 behind ${idOf(2)}`, '2024-01-22']);
  });

  it('have heads with the columns that are wanted and that the filter reads, always in one order', async () => {
    const { store, days, columns } = setUp();
    await store.recordDeadLetter(deadLetterOf(1));
    await store.recordDeadLetter(deadLetterOf(2, { orderId: 2n }));
    const filter = { ...ANY_DEAD_LETTER, orderId: 1n, error: 'waits', sinceMs: PUBLISHED_AT_MS };

    const options = { nowMs: NOW_MS, columns: ['origin_topic', 'error'] as const };
    const heads = (await Array.fromAsync(findHeads(store, filter, options))).flat();

    expect(heads.map(({ id }) => id)).toEqual([idOf(1)]);
    expect(days).toEqual(['2024-01-21', '2024-01-22']);
    expect(columns[0]).toEqual(['error', 'order_id', 'origin_topic']);
  });
});

describe('dead letters by their ids', () => {
  it('are looked for day by day, the latest first, 64 days at once, until each is found', async () => {
    const { store, keys, atOnce, find } = setUp();
    const sinceMs = PUBLISHED_AT_MS - 199 * DAY_MS;
    await store.recordDeadLetter(deadLetterOf(1, { sinceMs: PUBLISHED_AT_MS - 70 * DAY_MS }));

    expect(await find({ ids: [idOf(1)], sinceMs: sinceMs - DAY_MS })).toEqual([idOf(1)]);

    expect(atOnce.most).toBe(64);
    expect(keys).toHaveLength(128);
    expect(keys[0]).toEqual({ ...deadLetterKeyOf({ id: idOf(1), sinceMs: NOW_MS + DAY_MS }) });
    expect(keys.map(({ day }) => day)).toEqual(
      keys
        .map(({ day }) => day)
        .toSorted()
        .toReversed(),
    );
  });

  it('come once, however often an id is given', async () => {
    const { store, find } = setUp();
    await store.recordDeadLetter(deadLetterOf(1));

    expect(await find({ ids: [idOf(1), idOf(1)], sinceMs: PUBLISHED_AT_MS })).toEqual([idOf(1)]);
  });

  it('come sorted by their places, whatever the order of the ids, and go on behind one', async () => {
    const { store, find } = setUp();
    const ids = ['f', 'a', 'c'].map((digit) => digit.repeat(32));
    const letters = ids.map((id) => deadLetterOf(1, { id }));
    for (const letter of letters) await store.recordDeadLetter(letter);
    await store.recordDeadLetter(deadLetterOf(1, { id: 'a'.repeat(32), reason: 'invalid' }));
    const filter = { ids, reasons: ['unmatched' as const], sinceMs: PUBLISHED_AT_MS };
    const places = ids.map((id) => deadLetterRow(1, deadLetterKeyOf({ id, sinceMs: PUBLISHED_AT_MS })));
    const sorted = places.toSorted(comparePlaces).map(({ id }) => id);
    expect(sorted).not.toEqual(ids);

    expect(await find(filter)).toEqual(sorted);
    for (const place of places) {
      expect(await find(filter, place)).toEqual(sorted.slice(sorted.indexOf(place.id) + 1));
    }
  });

  it('of another order are not given', async () => {
    const { store, find } = setUp();
    await store.recordDeadLetter(deadLetterOf(1));

    expect(await find({ ids: [idOf(1)], orderId: 2n, sinceMs: PUBLISHED_AT_MS })).toEqual([]);
    expect(await find({ ids: [idOf(1)], orderId: 1n, sinceMs: PUBLISHED_AT_MS })).toEqual([idOf(1)]);
  });
});

describe('dead letters of an order', () => {
  it('are those of its early payments, by its ledger, and all others by their places', async () => {
    const { store, keys, find } = setUp();
    await store.recordEntry(orderEntry(1));
    await store.recordEntry(paymentEntry(2));
    await store.recordDeadLetter(deadLetterOf(2));
    // The same key holds a dead letter of another reason, which is found by its place, once.
    await store.recordDeadLetter(deadLetterOf(2, { reason: 'invalid' }));
    await store.recordDeadLetter(deadLetterOf(3, { reason: 'conflict', id: 'f'.repeat(32) }));
    await store.recordDeadLetter(deadLetterOf(3, { reason: 'rivals', id: 'f'.repeat(32), orderId: 2n }));

    expect((await find({ orderId: 1n })).toSorted()).toEqual([idOf(2), idOf(2), 'f'.repeat(32)]);
    expect(await find({ orderId: 1n, reasons: ['invalid'] })).toEqual([idOf(2)]);
    expect(keys.map(({ id }) => id)).not.toContain(idOf(1));
  });

  it('are no early ones of another order, though an id of its ledger names them', async () => {
    const { store } = setUp();
    await store.recordDeadLetter(deadLetterOf(2, { orderId: 9n }));
    const record = orderRecord({ ledger: [ledgerRow(paymentEntry(2))] });

    expect((await Array.fromAsync(scanOfOrder(store, record, EVER))).flat()).toEqual([]);
  });

  it('are read 64 at once, each of them', async () => {
    const { store, atOnce, find } = setUp();
    for (let number = 1; number <= 130; number += 1) {
      await store.recordEntry(paymentEntry(number));
      await store.recordDeadLetter(deadLetterOf(number));
    }

    expect(new Set(await find({ orderId: 1n })).size).toBe(130);

    expect(atOnce.most).toBe(64);
  });

  it('are looked for since Pub/Sub exists, and up to a day behind our clock', () => {
    expect(everUntil(NOW_MS)).toEqual({ sinceMs: Date.UTC(2015), untilMs: NOW_MS + DAY_MS });
  });

  it('are found by their span, before any row outside of it is read', async () => {
    const { store, keys, find } = setUp();
    for (let number = 0; number < 60; number += 1) {
      const sinceMs = Date.UTC(2023, 11, 15) + number * DAY_MS;
      await store.recordDeadLetter(
        deadLetterOf(number, { reason: 'invalid', sinceMs, publishedAtMs: sinceMs }),
      );
    }

    const found = await find({
      orderId: 1n,
      sinceMs: Date.UTC(2024, 0, 20),
      untilMs: Date.UTC(2024, 0, 22, 12),
      reasons: ['invalid'],
    });

    expect(found).toEqual([36, 37, 38].map(idOf));
    expect(keys.map(({ day }) => day)).toEqual(['2024-01-20', '2024-01-21', '2024-01-22']);
  });

  it('are all found, in the order of their places, and go on behind any of them', async () => {
    const loop = loopOf(25_000);

    const all = await loop.find();
    const rest = await loop.find(all[20_007]);

    expect(all).toHaveLength(25_000);
    expect(all).toEqual(all.toSorted(comparePlaces));
    expect(rest).toEqual(all.slice(20_008));
    // The first slice reads all places, and each further one those from its month on.
    expect(loop.spans.map(({ sinceMs }) => new Date(sinceMs).toISOString().slice(0, 7))).toEqual([
      '2015-01',
      '2024-03',
      '2024-03',
    ]);
  });

  it('are looked for day by day where the ledger is too long to name its early payments', async () => {
    const { store, days, find } = setUp();
    const first = LEDGER_ENTRIES_MAX + 5;
    for (let number = 0; number < first; number += 1) await store.recordEntry(paymentEntry(first - number));
    await store.recordDeadLetter(deadLetterOf(1));
    await store.recordDeadLetter(deadLetterOf(9, { reason: 'invalid' }));
    const span = { orderId: 1n, sinceMs: PUBLISHED_AT_MS };

    expect((await find(span)).toSorted()).toEqual([idOf(1), idOf(9)]);
    expect(days).toEqual(['2024-01-21', '2024-01-22']);
    expect(await find({ ...span, reasons: ['invalid'] })).toEqual([idOf(9)]);
    expect(days).toHaveLength(2);
  });
});

/** An order id in a loop: so many dead letters, spread over the first three months of 2024. */
const loopOf = (count: number) => {
  const rows = Array.from({ length: count }, (_, index) =>
    deadLetterRow(index, {
      reason: 'invalid',
      day: new Date(Date.UTC(2024, 0, 1 + (index % 90))).toISOString().slice(0, 10),
      shard: (index * 7) % 1_024,
    }),
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  const spans: { readonly sinceMs: number }[] = [];
  const source = {
    ...createMemoryStore(),
    scanPlacesOfOrder: async function* (_orderId: bigint, span: { readonly sinceMs: number }) {
      spans.push(span);
      for (let from = 0; from < count; from += 5_000) yield rows.slice(from, from + 5_000);
    },
    findDeadLetters: async ({ id }: DeadLetterKey) => [byId.get(id)].filter((row) => row !== undefined),
  };
  const find = async (after?: DeadLetterPlace) =>
    (
      await Array.fromAsync(
        findDeadLetters(source, { ...ANY_DEAD_LETTER, orderId: 1n }, { nowMs: NOW_MS, after }),
      )
    ).flat();
  return { find, spans };
};
