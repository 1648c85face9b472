import { describe, expect, it } from 'vitest';
import { createConsumers } from '../../../functions/createConsumers.ts';
import type { OutgoingMessage } from '../../../shared/messaging/publisher.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import { createLog } from '../../../shared/telemetry/log.ts';
import { SUBSCRIPTIONS, type Topic } from '../../../shared/topology.ts';
import { randomOf } from '../../../proof/fuzz/generate/randomOf.ts';
import type { Accepted, Cells } from '../../../proof/chaos/accepted.ts';
import { judgeTables } from '../../../proof/chaos/judgeTables.ts';
import { STORIES } from '../../../proof/chaos/stories.ts';
import type { Tables } from '../../../proof/chaos/tables.ts';

const NOW_MS = Date.UTC(2026, 0, 5);
const ORDER_ID = 600_000_000_000_000_001n;
const SILENT = createLog('onOrder', 'debug', { write: () => {} });

type Store = ReturnType<typeof createMemoryStore>;

const toDates = (row: Cells): Cells =>
  Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      column.endsWith('_at') && typeof value === 'bigint' ? new Date(Number(value)) : (value ?? null),
    ]),
  );

/** The rows of a store in memory, as CQL returns them. */
const rowsOf = ({ tables: { facts, ledger, deadLetters } }: Store) => ({
  facts: facts.keys().map((key): Cells => ({ ...facts.read(key), order_id: BigInt(key) })),
  ledger: ledger.keys().map((key): Cells => {
    const [orderId = ''] = key.split('/');
    return { ...toDates(ledger.read(key) ?? {}), order_id: BigInt(orderId) };
  }),
  deadLetters: deadLetters.keys().map((key): Cells => {
    const [, , event_id, reason] = key.split('/');
    const cells = { order_id: null, payment_id: null, ...toDates(deadLetters.read(key) ?? {}) };
    return { ...cells, event_id, reason };
  }),
});

type Rows = ReturnType<typeof rowsOf>;

/** Sends messages through the three consumers, one after another, as Pub/Sub would. */
const setUp = () => {
  const store = createMemoryStore();
  const accepted: Accepted[] = [];
  const publish = async (topic: Topic, message: OutgoingMessage): Promise<string> => {
    await push(topic, message, NOW_MS + 60_000);
    return '1';
  };
  const consumers = createConsumers({ store, publisher: { publish }, clock: () => NOW_MS, log: SILENT });
  const push = async (topic: Topic, { data, attributes = {} }: OutgoingMessage, publishedAtMs: number) => {
    const { name = '', consumer = 'onDlq' } = SUBSCRIPTIONS.find((spec) => spec.topic === topic) ?? {};
    const message = {
      data: Buffer.from(data).toString('base64'),
      attributes,
      messageId: '1',
      publishTime: new Date(publishedAtMs).toISOString(),
    };
    const body = JSON.stringify({ subscription: `projects/p/subscriptions/${name}`, message });
    const { status } = await consumers[consumer]({ method: 'POST', headers: {}, rawBody: Buffer.from(body) });
    expect(status).toBe(204);
  };
  const send = async (topic: Accepted['topic'], text: string, afterMs: number): Promise<void> => {
    const message = { topic, data: Buffer.from(text), publishedAtMs: NOW_MS + afterMs };
    accepted.push(message);
    await push(topic, message, message.publishedAtMs);
  };
  return {
    send,
    tell: async (name: keyof typeof STORIES, seed = 1) => {
      const requests = STORIES[name]?.({ orderId: ORDER_ID, random: randomOf(seed, 1), nowMs: NOW_MS }) ?? [];
      for (const [second, { topic, bodies }] of requests.entries())
        for (const body of bodies) await send(topic, body, second * 1_000);
    },
    /** @param change breaks the tables, as a bug of the product would. */
    judge: (change: (rows: Rows) => Partial<Rows> = () => ({})) => {
      const rows = rowsOf(store);
      const { facts, ledger, deadLetters } = { ...rows, ...change(rows) };
      const tables: Tables = { facts: () => facts, ledger: () => ledger, deadLetters: () => deadLetters };
      return judgeTables(accepted, tables);
    },
  };
};

const LOUD: Readonly<Record<string, string>> = {
  'two captures': 'conflicts',
  'three captures in one request': 'conflicts',
  'three captures, one of them voided': 'conflicts',
  'two words that nobody knows': 'conflicts',
  'two captures, and the order never comes': 'conflicts',
  'two cards under one id': 'changed',
  'two versions of one request, without times': 'rivals',
};

describe('the tables after a story', () => {
  it.each(Object.keys(STORIES))('are right: %s', async (name) => {
    for (const seed of [1, 2, 3, 4]) {
      const { tell, judge } = setUp();

      await tell(name, seed);

      const { counts, lost, wrong } = await judge();
      expect([lost, wrong]).toEqual([[], []]);
      const loud = ['conflicts', 'changed', 'rivals'] as const;
      expect(loud.filter((count) => counts[count] > 0)).toEqual(LOUD[name] === undefined ? [] : [LOUD[name]]);
    }
  });

  it('are right with a malformed message', async () => {
    const { send, judge } = setUp();

    await send('payments_data', '{"payment_id":7,"order_id":"8"}', 0);

    expect(await judge()).toMatchObject({ counts: { malformed: 1 }, lost: [], wrong: [] });
  });
});

const without = (rows: readonly Cells[], is: (row: Cells) => boolean): Cells[] =>
  rows.filter((row) => !is(row));
const withCells = (rows: readonly Cells[], cells: Cells): Cells[] =>
  rows.map((row) => ({ ...row, ...cells }));
const hasReason = (reason: string) => (row: Cells) => row['reason'] === reason;

describe('the tables are wrong', () => {
  it.each<[what: string, story: string, change: (rows: Rows) => Partial<Rows>, says: RegExp]>([
    [
      'when an order shows an older version',
      'versions of one request, with times',
      ({ facts, ledger }) => {
        const { item, customer_id, quantity, price, shipping_address, order_status } =
          ledger.find((row) => row['item'] === '2 before the last') ?? {};
        const older = { item, customer_id, quantity, price, shipping_address, order_status };
        return { facts: withCells(facts, older) };
      },
      /^I4: order \d+ shows a version that is not its newest/,
    ],
    [
      'when an order shows a mix of two versions',
      'versions of one request, with times',
      ({ facts }) => ({ facts: withCells(facts, { item: '2 before the last' }) }),
      /^I5: order \d+ shows what is no version of it/,
    ],
    [
      'when a guest is shown as a customer',
      'a guest after a customer',
      ({ facts }) => ({ facts: withCells(facts, { customer_id: 7n }) }),
      /^I5: order \d+ shows what is no version of it/,
    ],
    [
      'when an order has no row',
      'authorized, then captured',
      () => ({ facts: [] }),
      /^I5: order \d+ shows what is no version of it/,
    ],
    [
      'when an order does not show its payment',
      'one capture, told twice',
      ({ facts }) => ({
        facts: withCells(facts, {
          payment_id: null,
          payment_method: null,
          card_last_four: null,
          payment_status: null,
          payment_datetime: null,
        }),
      }),
      /^I3: order \d+ shows none of its 2 payments/,
    ],
    [
      'when an order shows a declined payment in place of the one that succeeded',
      'declined, then paid under another id',
      ({ facts, ledger }) => {
        const { ref, card_last_four, payment_status } =
          ledger.find((row) => row['payment_status'] === 'Declined') ?? {};
        const declined = { payment_id: BigInt(String(ref)), card_last_four, payment_status };
        return { facts: withCells(facts, declined) };
      },
      /^I3: order \d+ shows payment .*Declined/,
    ],
    [
      'when a wallet shows the card of another attempt',
      'a wallet after a card that was declined',
      ({ facts }) => ({ facts: withCells(facts, { card_last_four: '1000' }) }),
      /^I3: order \d+ shows payment .*1000/,
    ],
    [
      'when a payment is shown without its order',
      'two captures, and the order never comes',
      () => ({ facts: [{ order_id: ORDER_ID, payment_id: 1n }] }),
      /^I5: order \d+ shows a payment, but it has none or never came/,
    ],
    [
      'when nobody was told of a double payment',
      'two captures',
      ({ deadLetters }) => ({ deadLetters: without(deadLetters, hasReason('conflict')) }),
      /^I6: nobody was told that order \d+ is paid by \d+ and \d+/,
    ],
    [
      'when a report of three payments names two',
      'three captures in one request',
      ({ deadLetters }) => ({ deadLetters: withCells(deadLetters, { error: `${ORDER_ID}1, ${ORDER_ID}2` }) }),
      /^I6: nobody was told that order \d+ is paid by \d+ and \d+ and \d+/,
    ],
    [
      'when nobody was told of a changed payment',
      'two cards under one id',
      ({ deadLetters }) => ({ deadLetters: without(deadLetters, hasReason('changed')) }),
      /^I6: nobody was told that payment \d+ of order \d+ was sent with other contents/,
    ],
    [
      'when nobody was told of rivals',
      'two versions of one request, without times',
      ({ deadLetters }) => ({ deadLetters: without(deadLetters, hasReason('rivals')) }),
      /^I6: nobody was told that order \d+ has two newest versions/,
    ],
    [
      'when nobody was told of a payment that waits',
      'two captures, and the order never comes',
      ({ deadLetters }) => ({ deadLetters: without(deadLetters, hasReason('unmatched')) }),
      /^I6: nobody was told that payment \d+ waits for order \d+/,
    ],
    [
      'when somebody was told what no messages show',
      'declined, then paid under another id',
      ({ deadLetters }) => ({ deadLetters: withCells(deadLetters, { reason: 'conflict' }) }),
      /^I6: a dead letter of order \d+ \(conflict\) says what no messages show/,
    ],
    [
      'when a dead letter carries what nobody published',
      'declined, then paid under another id',
      ({ deadLetters }) => ({ deadLetters: withCells(deadLetters, { payload: Buffer.from('x') }) }),
      /^I6: a dead letter of order \d+ \(unmatched\) carries a message that nobody published/,
    ],
    [
      'when a dead letter does not name its order',
      'declined, then paid under another id',
      ({ deadLetters }) => ({ deadLetters: withCells(deadLetters, { order_id: null }) }),
      /^I6: dead letter [0-9a-f]+ does not name its order/,
    ],
    [
      'when a dead letter has an unknown reason',
      'declined, then paid under another id',
      ({ deadLetters }) => ({ deadLetters: withCells(deadLetters, { reason: 'parked' }) }),
      /^I6: a dead letter of order \d+ has the reason parked, which is none/,
    ],
    [
      'when a valid message is dead-lettered as invalid',
      'declined, then paid under another id',
      ({ deadLetters }) => ({ deadLetters: withCells(deadLetters, { reason: 'invalid' }) }),
      /^I1: dead letter [0-9a-f]+ \(invalid\) is about no malformed message/,
    ],
    [
      'when an entry is there twice',
      'two captures',
      ({ ledger }) => ({ ledger: [...ledger, ...ledger] }),
      /^I1: a message is in the ledger twice/,
    ],
    [
      'when an entry is about no message',
      'two captures',
      ({ ledger }) => ({ ledger: [...ledger, { order_id: 1n, kind: 'order', published_at: new Date(0) }] }),
      /^I1: an entry of the ledger is about no message/,
    ],
  ])('%s', async (_what, story, change, says) => {
    const { tell, judge } = setUp();
    await tell(story);

    const { wrong } = await judge(change);

    expect(wrong).toContainEqual(expect.stringMatching(says));
  });

  it('when a message is not in the ledger, or is there with other contents', async () => {
    const { tell, judge } = setUp();
    await tell('two captures');

    const gone = await judge(() => ({ ledger: [] }));
    const changed = await judge(({ ledger }) => ({
      ledger: withCells(ledger, { occurred_at: new Date(0) }),
    }));

    expect(gone.lost).toHaveLength(3);
    expect(changed.lost).toHaveLength(3);
    expect(changed.wrong).toHaveLength(3);
  });

  it('when a malformed message is not dead-lettered, or has lost its ids', async () => {
    const { send, judge } = setUp();
    await send('payments_data', '{"payment_id":7,"order_id":"8"}', 0);

    const gone = await judge(() => ({ deadLetters: [] }));
    const nameless = await judge(({ deadLetters }) => ({
      deadLetters: withCells(deadLetters, { payment_id: null }),
    }));

    expect(gone.lost).toHaveLength(1);
    expect(nameless.wrong).toEqual([expect.stringContaining('has not kept the ids 8 and 7')]);
  });
});
