import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ShopRequest } from '../../../functions/simulate/requestFields.ts';
import { FOLLOW_STEPS_MAX } from '../../../functions/simulate/drawFlow.ts';
import { countMessages, planOrders, STEPS_MAX } from '../../../functions/simulate/planOrders.ts';
import { maskBody } from '../../../shared/masking/maskBody.ts';
import {
  digestOf,
  endStateOf,
  expectedOf,
  fieldsOf,
  messagesOf,
  read,
  requestOf,
  type SentMessage,
  STARTED_AT_MS,
  textOf,
  workloadOf,
  wronglyShown,
} from './readMessages.ts';

const SOME_OF_ALL = {
  preset: 'shop',
  orders: 10_000,
  early: 0.3,
  missing: 0.1,
  unpaid: 0.2,
  duplicates: 0.15,
  doublePaid: 0.25,
  malformed: 0.05,
};

const share = fc.double({ min: 0, max: 1, noNaN: true });
/** Shares of the seven stories, which add up to 0.7 at most. */
const stories = fc.record(
  Object.fromEntries(
    ['statusMoves', 'declinedFirst', 'changed', 'refunds', 'refundsApart', 'giftCards', 'webhooks'].map(
      (story) => [story, fc.double({ min: 0, max: 0.1, noNaN: true })],
    ),
  ),
);
const someRequest = fc
  .record({
    orders: fc.integer({ min: 1, max: 150 }),
    seed: fc.oneof(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.constantFrom(0, 2 ** 32 - 1)),
    early: share,
    missing: share,
    unpaid: share,
    duplicates: share,
    doublePaid: share,
    malformed: share,
    versions: share,
    versionsPerOrder: fc.integer({ min: 2, max: 10 }),
    occurredAt: fc.boolean(),
    guests: share,
    cardless: share,
    stories,
  })
  .map(({ stories: shares, ...body }) => ({
    ...body,
    ...shares,
    preset: 'shop',
    unpaid: Math.min(body.unpaid, 1 - body.missing),
  }));

const PROPERTY = { seed: 20_261_124, numRuns: 50 };

/** Where in the run each order and each payment is first seen. */
const firstSeen = (messages: Iterable<SentMessage>) => {
  const orders = new Map<number, number>();
  const payments = new Map<number, { at: number; orderId: number }>();
  let at = 0;
  for (const sent of messages) {
    const message = read(sent);
    if (message.kind === 'order' && !orders.has(message.orderId)) orders.set(message.orderId, at);
    if (message.kind === 'payment' && !payments.has(message.paymentId)) {
      payments.set(message.paymentId, { at, orderId: message.orderId });
    }
    at += 1;
  }
  return { orders, payments };
};

const shopRequestOf = (body: object): ShopRequest => {
  const request = requestOf(body);
  if (request.preset !== 'shop') throw new Error('the body does not ask for the shop');
  return request;
};

/** For each payment of a run with this share of early ones: whether it came before its order. */
const whetherEarly = async (early: number): Promise<Set<boolean>> => {
  const workload = await workloadOf({ ...SOME_OF_ALL, missing: 0, orders: 2000, early });
  const { orders, payments } = firstSeen(messagesOf(workload));
  return new Set([...payments.values()].map(({ at, orderId }) => at < (orders.get(orderId) ?? -1)));
};

const paymentIdsOf = async (seed: number): Promise<{ min: number; max: number; count: number }> => {
  const { expected } = await workloadOf({ preset: 'shop', orders: 100_000, doublePaid: 1, seed });
  let [min, max, count] = [Infinity, 0, 0];
  for (const { payment_id: id } of expected.matched()) {
    [min, max, count] = [Math.min(min, id), Math.max(max, id), count + 1];
  }
  return { min, max, count };
};

describe('the shop workload', () => {
  it('has the same bytes for the same seed, today and tomorrow', async () => {
    const body = { ...SOME_OF_ALL, orders: 500, seed: 42 };

    expect(digestOf(await workloadOf(body))).toBe(
      'dcaed03516877324e33f227feda65062bf1fbe4f32e6dcf517e642a3f24539aa',
    );
    expect(digestOf(await workloadOf(body))).toBe(
      'dcaed03516877324e33f227feda65062bf1fbe4f32e6dcf517e642a3f24539aa',
    );
  });

  it('has other bytes for another seed', async () => {
    const body = { ...SOME_OF_ALL, orders: 500 };

    expect(digestOf(await workloadOf({ ...body, seed: 43 }))).not.toBe(
      digestOf(await workloadOf({ ...body, seed: 42 })),
    );
  });

  it('has the same bytes when two runs draw at the same time', async () => {
    const body = { preset: 'shop', orders: 50 };
    const alone = [...messagesOf(await workloadOf({ ...body, seed: 1 }))].map(textOf);
    const other = messagesOf(await workloadOf({ ...body, seed: 2 }))[Symbol.iterator]();

    const together: string[] = [];
    for (const slot of messagesOf(await workloadOf({ ...body, seed: 1 }))) {
      together.push(textOf(slot));
      other.next();
    }

    expect(together).toEqual(alone);
  });

  it('expects what its own bytes come to, whatever the shares', async () => {
    await fc.assert(
      fc.asyncProperty(someRequest, async (body) => {
        const workload = await workloadOf(body);

        expect(expectedOf(workload)).toEqual(endStateOf(messagesOf(workload)));
        expect(wronglyShown(workload)).toEqual([]);
      }),
      PROPERTY,
    );
  });

  it('is right about the kind of every message, and sends nothing that a redaction would change (I8)', async () => {
    await fc.assert(
      fc.asyncProperty(someRequest, async (body) => {
        for (const slot of messagesOf(await workloadOf(body))) {
          expect(read(slot).kind).toBe(slot.kind);
          expect(maskBody(slot.data).isRedacted).toBe(false);
        }
      }),
      PROPERTY,
    );
  });

  it('sends malformed messages that differ from each other, on both topics', async () => {
    const workload = await workloadOf({ ...SOME_OF_ALL, malformed: 1, orders: 200 });

    const malformed = [...messagesOf(workload)].filter(({ kind }) => kind === 'malformed');

    expect(malformed).toHaveLength(200);
    expect(new Set(malformed.map(({ data }) => Buffer.from(data).toString('hex'))).size).toBe(200);
    expect(malformed.filter(({ topic }) => topic === 'orders_data')).toHaveLength(100);
  });

  it('takes each share as it is asked for', async () => {
    const workload = await workloadOf(SOME_OF_ALL);
    const all = [...messagesOf(workload)];
    const { matched, parked, unpaid, conflicts, invalid } = endStateOf(all);
    const { orders, payments } = firstSeen(all);
    const paid = 10_000 - unpaid.length;
    const early = [...payments.values()].filter(({ at, orderId }) => at < (orders.get(orderId) ?? -1));

    expect(orders.size / 10_000).toBeCloseTo(1 - 0.1, 1);
    expect(new Set(parked.map(({ order_id }) => order_id)).size / 10_000).toBeCloseTo(0.1, 1);
    expect(unpaid.length / 10_000).toBeCloseTo(0.2, 1);
    expect(conflicts.length / paid).toBeCloseTo(0.25, 1);
    expect(invalid.length / 10_000).toBeCloseTo(0.05, 1);
    expect(early.length / matched.length).toBeCloseTo(0.3, 1);
    const once = orders.size + payments.size + invalid.length;
    expect((all.length - once) / (orders.size + payments.size)).toBeCloseTo(0.15, 1);
  });

  it('sends no payment before its order when none is early, and every one when all are', async () => {
    expect(await whetherEarly(0)).toEqual(new Set([false]));
    expect(await whetherEarly(1)).toEqual(new Set([true]));
  });

  it('lets an order follow its early payment soon', async () => {
    const workload = await workloadOf({ preset: 'shop', orders: 2000, early: 1 });

    const { orders, payments } = firstSeen(messagesOf(workload));

    for (const { at, orderId } of payments.values()) {
      // A step holds one payment of its own and one order on average, so twice as many messages lie between
      // at most.
      expect((orders.get(orderId) ?? Infinity) - at).toBeLessThanOrEqual(3 * FOLLOW_STEPS_MAX);
    }
  });

  it('sends even the latest copy of the last order, and sends it last', async () => {
    const body = { preset: 'shop', orders: 1, early: 0.5, duplicates: 1, doublePaid: 1 };
    const isLatest = (seed: number): boolean => {
      const [plan] = planOrders(shopRequestOf({ ...body, seed }));
      return plan?.payments.filter(({ copyStep }) => copyStep === STEPS_MAX).length === 1;
    };
    let seed = 0;
    while (!isLatest(seed)) seed += 1;

    const texts = [...messagesOf(await workloadOf({ ...body, seed }))].map(textOf);

    const last = texts.at(-1);
    expect(texts).toHaveLength(6);
    expect(texts.filter((text) => text === last)).toHaveLength(2);
    expect(texts.indexOf(last ?? '')).toBeGreaterThan(
      texts.findIndex((text) => text.includes('customer_id')),
    );
  });

  it('repeats a message byte for byte', async () => {
    const workload = await workloadOf({ preset: 'shop', orders: 300, duplicates: 1 });

    const counts = Map.groupBy(messagesOf(workload), textOf);

    expect(counts.size).toBe(600);
    expect(new Set([...counts.values()].map((copies) => copies.length))).toEqual(new Set([2]));
  });

  it('gives an order’s second payment an id and a content of its own', async () => {
    const workload = await workloadOf({ preset: 'shop', orders: 100, doublePaid: 1, seed: 3 });
    const payments = [...messagesOf(workload)].filter(({ kind }) => kind === 'payment').map(fieldsOf);

    const ofFirstOrder = payments.filter(({ order_id }) => order_id === 4_000_001);

    expect(new Set(ofFirstOrder.map(({ payment_id }) => payment_id))).toEqual(
      new Set([4_000_001, 4_500_001]),
    );
    expect(new Set(ofFirstOrder.map(({ payment_datetime }) => payment_datetime)).size).toBe(2);
  });

  it('keeps the ids of runs with neighbouring seeds apart, up to the largest run', async () => {
    const [one, next, last] = [await paymentIdsOf(6), await paymentIdsOf(7), await paymentIdsOf(2 ** 32 - 1)];

    expect(one).toEqual({ min: 7_000_001, max: 7_600_000, count: 200_000 });
    expect(next.min).toBeGreaterThan(one.max);
    expect(Number.isSafeInteger(last.max)).toBe(true);
  });

  it('has as many messages as its plan counts, for any request', async () => {
    await fc.assert(
      fc.asyncProperty(someRequest, async (body) => {
        const request = shopRequestOf(body);

        expect(countMessages(request)).toBe([...messagesOf(await workloadOf(body))].length);
      }),
      PROPERTY,
    );
  });

  it('spreads the messages over time at the rate, whatever their kind', async () => {
    const workload = await workloadOf({ ...SOME_OF_ALL, orders: 100, ratePerSecond: 250 });

    const times = [...messagesOf(workload)].map(({ atMs }) => atMs);

    expect(times.slice(0, 4)).toEqual([0, 4, 8, 12]);
    expect(times.at(-1)).toBe((times.length - 1) * 4);
  });

  it('sends the versions of an order in one request, newest last, a millisecond apart by its own clock', async () => {
    const body = { preset: 'shop', orders: 2, early: 0, versions: 1, versionsPerOrder: 4 };
    const versions = async (more: object) =>
      [...messagesOf(await workloadOf({ ...body, ...more }))]
        .filter(({ kind }) => kind === 'order')
        .slice(0, 4)
        .map(fieldsOf);

    const timed = await versions({ occurredAt: true, clockAheadMs: 240_000 });

    const newestMs = STARTED_AT_MS + 240_000;
    expect(timed.map(({ quantity }) => quantity)).toEqual([1, 2, 3, 4]);
    expect(timed.map(({ occurred_at: at }) => Date.parse(String(at)) - newestMs)).toEqual([-3, -2, -1, 0]);
    expect((await versions({})).every((order) => !('occurred_at' in order))).toBe(true);
  });

  it.for<[string, string[]]>([
    ['statusMoves', ['first Authorised card', 'first Captured card']],
    ['declinedFirst', ['first Declined card', 'second Completed other card']],
    ['changed', ['first Completed card', 'first Completed other card']],
    ['refunds', ['first Completed card', 'first Refunded card']],
    ['refundsApart', ['first Completed card', 'second Refunded other card']],
    ['giftCards', ['first Completed no card', 'second Completed card']],
    ['webhooks', ['first Completed no card', 'first Completed card']],
  ])('tells the story %s in two messages, one after the other', async ([story, words]) => {
    const workload = await workloadOf({ preset: 'shop', orders: 1, early: 0, [story]: 1 });

    const payments = [...messagesOf(workload)].filter(({ kind }) => kind === 'payment').map(fieldsOf);

    const card = payments.map(({ card_last_four: digits }) => digits).find((digits) => digits !== undefined);
    const told = payments.map(
      ({ payment_id: id, order_id, payment_status: status, card_last_four: digits }) => {
        const what = digits === undefined ? 'no card' : digits === card ? 'card' : 'other card';
        return `${id === order_id ? 'first' : 'second'} ${String(status)} ${what}`;
      },
    );
    expect(told).toEqual(words);
  });

  it('leaves out what a guest and a payment without a card do not have, in all ways that producers do', async () => {
    const workload = await workloadOf({ preset: 'shop', orders: 3, early: 0, guests: 1, cardless: 1 });

    const messages = [...messagesOf(workload)].map(fieldsOf);

    const values = (name: string) =>
      messages
        .filter((fields) => (name === 'customer_id') === 'item' in fields)
        .map((fields) => fields[name]);
    expect(new Set(values('customer_id'))).toEqual(new Set([undefined, null, '']));
    expect(new Set(values('card_last_four'))).toEqual(new Set([undefined, null, '']));
  });
});
