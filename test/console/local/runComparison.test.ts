import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type ComparedStore, createRunComparison } from '../../../console/local/runComparison.ts';
import { runLines } from '../../../console/local/runLines.ts';
import type { Expectation } from '../../../shared/audit/expectation.ts';
import { inspectOrder } from '../../../shared/audit/inspectOrder.ts';
import { decide } from '../../../shared/operations/decide.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import { acceptAll, recordOnly } from '../../support/audit/acceptAll.ts';
import { PUBLISHED_AT_MS } from '../../support/messages/domain.ts';
import { orderEntry, paymentEntry } from '../../support/messages/entries.ts';
import { deadLetterOf } from '../../support/messages/records.ts';

const BODY = Buffer.from('{"order_id":"poison"}');

/** Order 1 is paid twice, order 2 is not paid, payment 3001 waits for order 3, and a body is invalid. */
const EXPECTED: Expectation = {
  matched: [
    { order_id: 1n, payment_id: 1001n },
    { order_id: 1n, payment_id: 1002n },
  ],
  parked: [{ order_id: 3n, payment_id: 3001n }],
  unpaid: [2n],
  conflicts: [1n],
  changed: [],
  rivals: [],
  shows: [],
  invalid: [createHash('sha256').update(BODY).digest('hex')],
};

const start = (sinceMs = PUBLISHED_AT_MS, expected = EXPECTED) => {
  const store = createMemoryStore();
  const read: bigint[] = [];
  let [letters, ledgers, ledgersAtOnce] = [0, 0, 0];
  const counted: ComparedStore = {
    ...store,
    findDeadLetters: (key) => {
      letters += 1;
      return store.findDeadLetters(key);
    },
    findLedger: async (orderId) => {
      ledgers += 1;
      ledgersAtOnce = Math.max(ledgersAtOnce, ledgers);
      await delay(1);
      ledgers -= 1;
      return store.findLedger(orderId);
    },
    findOrderRecord: (orderId: bigint) => {
      read.push(orderId);
      return store.findOrderRecord(orderId);
    },
  };
  const clock = () => sinceMs + 60_000;
  const comparison = createRunComparison(counted, expected, { sinceMs, clock });
  const { signal } = new AbortController();
  return {
    store,
    look: () => comparison.look(signal),
    readIds: () => read.splice(0),
    reads: () => ({ letters, ledgersAtOnce }),
  };
};

const actual = (counts: readonly { readonly name: string; readonly actual: number }[]) =>
  Object.fromEntries(counts.map(({ name, actual: count }) => [name, count]));

describe('a run beside the tables', () => {
  it('is counted while its messages come, and agrees in the end', async () => {
    const { store, look } = start();
    const looks = [await look()];

    await acceptAll(
      store,
      orderEntry(1, { orderId: 1n }),
      paymentEntry(2, { orderId: 3n, paymentId: 3001n }),
    );
    looks.push(await look());
    await acceptAll(
      store,
      paymentEntry(3, { orderId: 1n, paymentId: 1001n }),
      paymentEntry(4, { orderId: 1n, paymentId: 1002n }),
      orderEntry(5, { orderId: 2n }),
    );
    await store.recordDeadLetter({
      ...deadLetterOf(6),
      reason: 'invalid',
      payload: BODY,
      orderId: undefined,
    });
    looks.push(await look());

    expect(looks.map(({ counts }) => actual(counts))).toEqual([
      { matched: 0, unpaid: 0, parked: 0, conflict: 0, invalid: 0 },
      { matched: 0, unpaid: 1, parked: 1, conflict: 0, invalid: 0 },
      { matched: 2, unpaid: 1, parked: 1, conflict: 1, invalid: 1 },
    ]);
    expect(looks.map(({ unmet }) => unmet.length > 0)).toEqual([true, true, false]);
  });

  it('is not read again where it is right, until all is right: then all of it is', async () => {
    const { store, look, readIds } = start();
    await acceptAll(store, orderEntry(5, { orderId: 2n }));
    await look();
    const first = readIds();

    await look();
    const second = readIds();
    await acceptAll(
      store,
      orderEntry(1, { orderId: 1n }),
      paymentEntry(2, { orderId: 3n, paymentId: 3001n }),
      paymentEntry(3, { orderId: 1n, paymentId: 1001n }),
      paymentEntry(4, { orderId: 1n, paymentId: 1002n }),
    );
    await store.recordDeadLetter({
      ...deadLetterOf(6),
      reason: 'invalid',
      payload: BODY,
      orderId: undefined,
    });
    await look();

    expect(new Set(first)).toEqual(new Set([1n, 2n, 3n]));
    expect(new Set(second)).toEqual(new Set([1n, 3n]));
    expect(readIds().toSorted((a, b) => Number(a - b))).toEqual([1n, 1n, 2n, 3n, 3n]);
  });

  it('sees that a later message of the run has made wrong what was right', async () => {
    const { store, look } = start();
    await acceptAll(store, orderEntry(5, { orderId: 2n }));
    await look();

    await acceptAll(
      store,
      paymentEntry(7, { orderId: 2n, paymentId: 2001n }),
      orderEntry(1, { orderId: 1n }),
      paymentEntry(2, { orderId: 3n, paymentId: 3001n }),
      paymentEntry(3, { orderId: 1n, paymentId: 1001n }),
      paymentEntry(4, { orderId: 1n, paymentId: 1002n }),
    );
    await store.recordDeadLetter({
      ...deadLetterOf(6),
      reason: 'invalid',
      payload: BODY,
      orderId: undefined,
    });

    expect((await look()).unmet).toEqual(['wrong: order 2 should have no payment']);
  });
});

describe('a run that is sent again on a later day, on the tables that are there', () => {
  const DAY_MS = 86_400_000;
  const AGAIN: Expectation = { ...EXPECTED, parked: [], unpaid: [], changed: [1n], invalid: [] };
  /** An order with two payments, of which the first contradicts itself. */
  const events = (number: number, publishedAtMs: number, orderId = 1n) => {
    const first = { orderId, paymentId: 1001n };
    return [
      orderEntry(number, { orderId }, { publishedAtMs }),
      paymentEntry(number + 1, { ...first, paymentMethod: 'Wallet' }, { publishedAtMs }),
      paymentEntry(number + 2, first, { publishedAtMs: publishedAtMs + 1 }),
      paymentEntry(number + 3, { orderId, paymentId: 1002n }, { publishedAtMs }),
    ];
  };
  const countsOf = ({ counts }: Awaited<ReturnType<ReturnType<typeof start>['look']>>) => actual(counts);

  it('agrees, because the findings that stood before were told on their day', async () => {
    const { store, look } = start(PUBLISHED_AT_MS + DAY_MS, AGAIN);
    await acceptAll(store, ...events(1, PUBLISHED_AT_MS), ...events(11, PUBLISHED_AT_MS + DAY_MS));

    const result = await look();

    expect(result.unmet).toEqual([]);
    expect(countsOf(result)).toMatchObject({ conflict: 1, changed: 1 });
  });

  it('agrees also when an operator has resolved such a finding, which nobody tells again', async () => {
    const { store, look } = start(PUBLISHED_AT_MS + DAY_MS, AGAIN);
    await acceptAll(store, ...events(1, PUBLISHED_AT_MS));
    for (const { reason, id: ref } of inspectOrder(await store.findOrderRecord(1n)).reports)
      await decide(
        store,
        { orderId: 1n, decision: 'resolved', ref, decidedAtMs: PUBLISHED_AT_MS + 1 },
        { operationId: reason, operator: 'ann', because: 'a test' },
      );
    await acceptAll(store, ...events(11, PUBLISHED_AT_MS + DAY_MS));

    expect((await look()).unmet).toEqual([]);
  });

  it('reads the dead letters of the findings that it misses only, of many orders at the same time', async () => {
    const ids = Array.from({ length: 40 }, (_, index) => BigInt(index + 1));
    const { store, look, reads } = start(PUBLISHED_AT_MS + DAY_MS, {
      ...AGAIN,
      matched: ids.map((order_id) => ({ order_id, payment_id: 1001n })),
      conflicts: [],
      changed: ids,
    });
    for (const orderId of ids)
      await acceptAll(store, ...events(10 * Number(orderId), PUBLISHED_AT_MS, orderId));

    expect((await look()).unmet).toEqual([]);

    expect(reads()).toEqual({ letters: 40, ledgersAtOnce: 32 });
  });

  it('says that a finding was not told when nobody has told it on any day', async () => {
    const { store, look } = start(PUBLISHED_AT_MS + DAY_MS, AGAIN);
    await recordOnly(store, ...events(1, PUBLISHED_AT_MS));

    expect((await look()).unmet).toContain('wrong: people should be told that order 1 was paid twice');
  });
});

describe('the lines of the comparison', () => {
  const counts = [
    { name: 'matched', expected: 931, actual: 928 },
    { name: 'unpaid', expected: 49, actual: 49 },
    { name: 'parked', expected: 20, actual: 23 },
    { name: 'conflict', expected: 9, actual: 1_010 },
  ];
  const saidOf = (lines: ReturnType<typeof runLines>) =>
    lines.map(({ name, state, verdict }) => [name, state, verdict]);

  it('wait while messages may be on their way', () => {
    expect(saidOf(runLines(counts, { lost: 3, isOver: false }))).toEqual([
      ['matched', 'wait', '3 on their way'],
      ['unpaid', 'ok', 'agrees'],
      ['parked', 'wait', 'their orders are on their way'],
      ['conflict', 'wait', '1,001 too many so far'],
      ['lost', 'wait', 'known when all is settled'],
    ]);
  });

  it('are wrong only when patience is over', () => {
    expect(saidOf(runLines(counts, { lost: 3, isOver: true }))).toEqual([
      ['matched', 'bad', '3 missing'],
      ['unpaid', 'ok', 'agrees'],
      ['parked', 'bad', '3 too many'],
      ['conflict', 'bad', '1,001 too many'],
      ['lost', 'bad', '3 in no table'],
    ]);
  });

  it('say that nothing is lost when that is known', () => {
    expect(runLines([], { lost: 0, isOver: true })).toEqual([
      { name: 'lost', expected: 0, actual: 0, state: 'ok', verdict: 'agrees' },
    ]);
  });
});
