import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createCassandraStore } from '../../../shared/store/cassandraStore.ts';
import { entryCells, entryKey } from '../../../shared/store/columns.ts';
import { LEDGER_ENTRIES_MAX } from '../../../shared/store/store.ts';
import { TransientError } from '../../../shared/errors.ts';
import type { LedgerEntry } from '../../../shared/domain/ledgerEntry.ts';
import { orderEntry, paymentEntry } from '../../support/messages/entries.ts';
import { deadLetterOf } from '../../support/messages/records.ts';

type Call = readonly [statement: unknown, params: unknown, options: unknown];

/** A store on a driver that notes every call, and answers it with the next of these answers. */
const setUp = (...answers: readonly object[]) => {
  const calls: { readonly method: 'execute' | 'batch'; readonly args: Call }[] = [];
  const answer =
    (method: 'execute' | 'batch') =>
    async (...args: Call) => {
      calls.push({ method, args });
      return answers[calls.length - 1] ?? answers.at(-1);
    };
  const connection = { execute: answer('execute'), batch: answer('batch') };
  const store = createCassandraStore({ connect: async () => connection as never, close: async () => {} });
  return { store, calls };
};

describe('a write to Cassandra', () => {
  const shown = { orderId: 1n, order: undefined, payment: undefined, blanks: undefined };

  it.each([
    ['an entry', ({ store }: ReturnType<typeof setUp>) => store.recordEntry(paymentEntry(1))],
    ['an order and its columns', ({ store }: ReturnType<typeof setUp>) => store.recordEntry(orderEntry(1))],
    ['a dead letter', ({ store }: ReturnType<typeof setUp>) => store.recordDeadLetter(deadLetterOf(1))],
    [
      'what is shown',
      ({ store }: ReturnType<typeof setUp>) =>
        store.showOrder({ ...shown, payment: { ...paymentEntry(1), writeTime: 7n } }),
    ],
  ])('is done when it is answered with nothing, and not with rows: %s', async (_what, write) => {
    await write(setUp({ rows: undefined }));

    // Rows belong to another statement.
    await expect(write(setUp({ rows: [] }))).rejects.toThrow('a write was answered with 0 rows');
  });

  it('is one statement where it is one, and an unlogged batch of one partition where there are more', async () => {
    const { store, calls } = setUp({});
    const payment = { ...paymentEntry(1), writeTime: 7n };
    const order = { ...orderEntry(2), writeTime: 8n };

    await store.recordEntry(paymentEntry(1));
    await store.recordEntry(orderEntry(2));
    await store.showOrder({ ...shown, order });
    await store.showOrder({ ...shown, order, payment });

    expect(calls.map(({ method, args }) => [method, method === 'batch' ? args[1] : undefined])).toEqual([
      ['execute', undefined],
      ['batch', { logged: false }],
      ['execute', undefined],
      ['batch', { logged: false }],
    ]);
  });

  it('of nothing is none', async () => {
    const { store, calls } = setUp({});

    await store.showOrder(shown);

    expect(calls).toEqual([]);
  });

  it('that fails in the driver is a fault of the world', async () => {
    const store = createCassandraStore({
      connect: () => Promise.reject(Object.assign(new Error('reset'), { code: 'ECONNRESET' })),
      close: async () => {},
    });

    await expect(store.recordEntry(paymentEntry(1))).rejects.toThrow(TransientError);
  });
});

describe('a read of the ledger', () => {
  const rowOf = (entry: LedgerEntry) => ({ order_id: 1n, ...entryKey(entry), ...entryCells(entry) });
  const page = (entries: readonly LedgerEntry[], pageState: string | null = 'more') => ({
    rows: entries.map(rowOf),
    pageState,
  });
  const payments = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => paymentEntry(from + index));
  const fetchSizes = (calls: ReturnType<typeof setUp>['calls']) =>
    calls.map(({ args: [, , options] }) => Reflect.get(Object(options), 'fetchSize'));

  it('asks for a small page, then for large ones', async () => {
    const { store, calls } = setUp(page(payments(0, 50)), page(payments(50, 60)), page([], null));

    const { entries, isWhole } = await store.findEntries(1n, false);

    expect([entries.length, isWhole]).toEqual([60, true]);
    expect(fetchSizes(calls)).toEqual([50, 200, 200]);
  });

  it('asks for no page behind the first version that is older than the newest', async () => {
    const versions = [orderEntry(3), orderEntry(2), orderEntry(1)];
    const { store, calls } = setUp(page(versions), page([], null));

    expect(await store.findEntries(1n, false)).toEqual({ entries: versions.slice(0, 2), isWhole: true });
    expect(calls).toHaveLength(1);
  });

  it('asks for all pages when it must', async () => {
    const { store, calls } = setUp(page([orderEntry(3), orderEntry(2)]), page([orderEntry(1)], null));

    expect((await store.findEntries(1n, true)).entries).toHaveLength(3);
    expect(calls).toHaveLength(2);
  });

  it.each([
    ['whole', LEDGER_ENTRIES_MAX, true],
    ['cut off', LEDGER_ENTRIES_MAX + 1, false],
  ])('of so many entries is %s', async (_what, count, isWhole) => {
    const { store } = setUp(
      page(payments(0, LEDGER_ENTRIES_MAX)),
      page(payments(LEDGER_ENTRIES_MAX, count), null),
    );

    const read = await store.findEntries(1n, false);

    expect(read).toMatchObject({ isWhole });
    expect(read.entries).toHaveLength(10_000);
  });

  it('of a large ledger goes on to its end in four messages at once, and in the others behind them', async () => {
    const pages = [page(payments(0, 1_000), 'of the rest'), page(payments(1_000, 1_100), null)];
    const reading = { now: 0, most: 0 };
    const execute = async (...[, , options]: Call) => {
      if (Reflect.get(Object(options), 'pageState') !== 'of the rest') return pages[0];
      reading.now += 1;
      reading.most = Math.max(reading.most, reading.now);
      await setImmediate();
      reading.now -= 1;
      return pages[1];
    };
    const connect = async () => ({ execute }) as never;
    const store = createCassandraStore({ connect, close: async () => {} });

    const reads = await Promise.all(Array.from({ length: 20 }, () => store.findEntries(1n, false)));

    expect(reads.map(({ entries }) => entries.length)).toEqual(reads.map(() => 1_100));
    expect(reading.most).toBe(4);
  });

  it('leaves out a row that lacks a column, which only a fault can cause', async () => {
    const whole = rowOf(paymentEntry(1));
    const rows = [
      { ...whole, payment_status: null },
      whole,
      { ...whole, kind: 'bet' },
      { ...whole, ref: 'x' },
    ];
    const { store } = setUp({ rows, pageState: null });

    expect((await store.findEntries(1n, false)).entries).toEqual([paymentEntry(1)]);
  });
});
