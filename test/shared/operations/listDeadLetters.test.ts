import { describe, expect, it } from 'vitest';
import type { DeadLetter } from '../../../shared/domain/deadLetter.ts';
import { ANY_DEAD_LETTER, type DeadLetterFilter } from '../../../shared/operations/deadLetterFilter.ts';
import { listDeadLetters } from '../../../shared/operations/listDeadLetters.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import type { HeadColumn } from '../../../shared/store/operationsStore.ts';
import { PUBLISHED_AT_MS, stamp } from '../../support/messages/domain.ts';
import { orderEntry, paymentEntry } from '../../support/messages/entries.ts';
import { deadLetterOf } from '../../support/messages/records.ts';

type Options = Parameters<typeof listDeadLetters>[2];

const idOf = (number: number): string => stamp(number).eventId;

const setUp = async (...letters: readonly DeadLetter[]) => {
  const store = createMemoryStore();
  for (const letter of letters) await store.recordDeadLetter(letter);
  let wholeRows = 0;
  const columns: (readonly HeadColumn[])[] = [];
  const noting = {
    ...store,
    scanDay: (...args: Parameters<typeof store.scanDay>) => {
      wholeRows += 1;
      return store.scanDay(...args);
    },
    scanHeads: (...args: Parameters<typeof store.scanHeads>) => {
      columns.push(args[1]);
      return store.scanHeads(...args);
    },
  };
  const list = (options: Partial<Options> = {}, filter: Partial<DeadLetterFilter> = {}) =>
    listDeadLetters(
      noting,
      { ...ANY_DEAD_LETTER, sinceMs: PUBLISHED_AT_MS, untilMs: PUBLISHED_AT_MS + 60_000, ...filter },
      { nowMs: PUBLISHED_AT_MS, groupBy: 'reason', sort: 'newest', page: 1, pageRows: 2, ...options },
    );
  return { store, list, columns, wholeRows: () => wholeRows };
};

const LETTERS = [
  deadLetterOf(1),
  deadLetterOf(2, { reason: 'invalid', orderId: undefined, error: 'price: expected a number, got "a"' }),
  deadLetterOf(3, {
    reason: 'invalid',
    originTopic: 'orders_data',
    error: 'price: expected a number, got 7',
  }),
  deadLetterOf(4, { reason: 'invalid', orderId: 9n, originTopic: 'orders_data', error: 'no JSON' }),
  deadLetterOf(5, { reason: 'invalid', orderId: 9n, error: 'no JSON' }),
];

describe('a page of dead letters', () => {
  it.each<[Options['sort'], number, readonly number[]]>([
    ['newest', 1, [5, 4]],
    ['newest', 2, [3, 2]],
    ['newest', 3, [1]],
    ['newest', 4, []],
    ['oldest', 1, [1, 2]],
    ['oldest', 3, [5]],
  ])('of the %s ones is, as number %i, %j', async (sort, page, numbers) => {
    const { list } = await setUp(...LETTERS);

    const { rows, total } = await list({ sort, page });

    expect(rows.map(({ id }) => id)).toEqual(numbers.map(idOf));
    expect(total).toBe(5);
  });

  it('has those of one time in the order of their ids, whichever sort is asked for', async () => {
    const { publishedAtMs } = stamp(1);
    // The days are read in their order, and the ids are not.
    const { list } = await setUp(
      ...[7, 5, 6].map((number, day) =>
        deadLetterOf(number, { publishedAtMs, sinceMs: publishedAtMs + day * 86_400_000 }),
      ),
    );
    const filter = { untilMs: publishedAtMs + 2 * 86_400_000 };

    for (const sort of ['newest', 'oldest'] as const) {
      expect((await list({ sort, pageRows: 9 }, filter)).rows.map(({ id }) => id)).toEqual(
        [5, 6, 7].map(idOf),
      );
    }
  });

  it('is the same of many, of which most were dropped on the way', async () => {
    const numbers = Array.from({ length: 1_100 }, (_, number) => number);
    const { list } = await setUp(...numbers.map((number) => deadLetterOf(number, { reason: 'invalid' })));

    const newest = await list({ page: 2 });
    const oldest = await list({ page: 2, sort: 'oldest' });

    expect(newest.rows.map(({ id }) => id)).toEqual([1_097, 1_096].map(idOf));
    expect(oldest.rows.map(({ id }) => id)).toEqual([2, 3].map(idOf));
    expect(newest.total).toBe(1_100);
  });

  it('says of each row whether it is open, and shows the rest of it', async () => {
    const { store, list } = await setUp(deadLetterOf(2), deadLetterOf(3, { orderId: 2n }));
    await store.recordEntry(orderEntry(1));
    await store.recordEntry(paymentEntry(2));
    await store.recordEntry(paymentEntry(3, { orderId: 2n }));

    expect((await list()).rows).toMatchObject([
      { id: idOf(3), state: 'open', originMessageId: '17' },
      { id: idOf(2), state: 'closed', originMessageId: '17' },
    ]);
    expect((await list({}, { state: 'closed' })).rows).toMatchObject([{ id: idOf(2), state: 'closed' }]);
  });

  it('shows the row of its reason, of two under one id', async () => {
    const { list } = await setUp(deadLetterOf(1), deadLetterOf(1, { reason: 'invalid', error: 'no JSON' }));

    expect((await list({}, { reasons: ['invalid'] })).rows).toMatchObject([{ error: 'no JSON' }]);
    expect((await list({}, { reasons: ['unmatched'] })).rows).toMatchObject([{ error: LETTERS[0]?.error }]);
  });

  it('leaves out a row that has expired since it was counted', async () => {
    const { store } = await setUp(...LETTERS);

    const { total, rows } = await listDeadLetters(
      { ...store, findDeadLetters: async () => [] },
      { ...ANY_DEAD_LETTER, sinceMs: PUBLISHED_AT_MS, untilMs: PUBLISHED_AT_MS + 60_000 },
      { nowMs: PUBLISHED_AT_MS, groupBy: 'reason', sort: 'newest', page: 1, pageRows: 2 },
    );

    expect([total, rows]).toEqual([5, []]);
  });
});

describe('the groups of dead letters', () => {
  it.each<[Options['groupBy'], readonly HeadColumn[], readonly (readonly [string, number])[]]>([
    [
      'reason',
      [],
      [
        ['invalid', 4],
        ['unmatched', 1],
      ],
    ],
    [
      'topic',
      ['origin_topic'],
      [
        ['payments_data', 3],
        ['orders_data', 2],
      ],
    ],
    [
      'order',
      ['order_id'],
      [
        ['1', 2],
        ['9', 2],
        ['unknown', 1],
      ],
    ],
    [
      'error',
      ['error'],
      [
        ['price: expected a number', 2],
        ['no JSON', 2],
        ['payment # waits for order #', 1],
      ],
    ],
  ])('by %s are read with the columns %j, the largest first', async (groupBy, columns, groups) => {
    const { list, columns: read, wholeRows } = await setUp(...LETTERS);

    const found = (await list({ groupBy })).groups.map(({ name, count }): [string, number] => [name, count]);

    expect(new Map(found)).toEqual(new Map(groups));
    expect(found.map(([, count]) => count)).toEqual(groups.map(([, count]) => count));
    expect([read, wholeRows()]).toEqual([[columns], 0]);
  });

  it('are at most a thousand, and others', async () => {
    const numbers = Array.from({ length: 1_003 }, (_, number) => number);
    const { list } = await setUp(
      ...numbers.map((number) => deadLetterOf(number, { reason: 'invalid', orderId: BigInt(number) })),
      // This order has its group already, so it goes on counting there.
      deadLetterOf(2_000, { reason: 'invalid', orderId: 0n }),
    );

    const { groups, total } = await list({ groupBy: 'order' });

    expect(groups).toHaveLength(1_001);
    expect(groups.slice(0, 2)).toEqual([
      { name: 'others', count: 3 },
      { name: '0', count: 2 },
    ]);
    expect(total).toBe(1_004);
  });

  it.each<[string, Partial<DeadLetterFilter>, number, number]>([
    ['ids', { ids: [idOf(4)] }, 1, 1],
    ['an order', { orderId: 9n }, 2, 2],
    ['a state', { state: 'open' }, 4, 5],
  ])('of %s are counted from whole rows', async (_what, filter, total, read) => {
    const { list, columns } = await setUp(...LETTERS);
    const progress: number[] = [];

    expect((await list({ onProgress: (rows) => progress.push(rows) }, filter)).total).toBe(total);

    expect(columns).toEqual([]);
    expect(progress.at(-1)).toBe(read);
  });

  it('say how many rows have been read', async () => {
    const { list } = await setUp(...LETTERS, deadLetterOf(6, { sinceMs: PUBLISHED_AT_MS + 86_400_000 }));
    const progress: number[] = [];

    await list({ onProgress: (rows) => progress.push(rows) }, { untilMs: PUBLISHED_AT_MS + 86_400_000 });

    expect(progress).toEqual([5, 6]);
  });
});
