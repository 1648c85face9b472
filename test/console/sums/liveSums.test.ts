import { afterEach, describe, expect, it } from 'vitest';
import type { Sums } from '../../../console/contract.ts';
import { createLiveSums } from '../../../console/sums/liveSums.ts';
import { until } from '../../../proof/until.ts';
import { decide } from '../../../shared/operations/decide.ts';
import { TransientError } from '../../../shared/errors.ts';
import type { AuditSource } from '../../../shared/store/auditSource.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import { recordOnly } from '../../support/audit/acceptAll.ts';
import { createFeedWorld } from '../../support/console/feedWorld.ts';
import { subscriptionName } from '../../support/pubsub/testBroker.ts';
import { ATTRIBUTE } from '../../../shared/messaging/deadLetterAttributes.ts';
import { orderBody, paymentBody } from '../../support/messages/bodies.ts';
import { orderEntry, paymentEntry } from '../../support/messages/entries.ts';

let world: ReturnType<typeof createFeedWorld>;
let live: ReturnType<typeof createLiveSums>;
/** All sums that were shown, in their order. */
let shown: Sums[];
afterEach(async () => {
  await live.stop();
  await world.stop();
});

const start = (source: AuditSource = world.store, clock: () => number = Date.now): void => {
  shown = [];
  live = createLiveSums({
    source,
    books: world.feed.books,
    clock,
    onChanged: () => shown.push(live.sums()),
    onAnswer: () => {},
    onBug: () => {},
  });
};

/** The sums of a pass that began after this call. */
const nextSums = async (isIt: (sums: Sums) => boolean = () => true): Promise<Sums> => {
  const sinceMs = Date.now();
  return until('a new pass', () => {
    live.again();
    const sums = live.sums();
    return sums.countedAtMs >= sinceMs && isIt(sums) ? sums : undefined;
  });
};

const termsOf = ({ sums }: Sums, name: string) =>
  Object.fromEntries(
    (sums.find((sum) => sum.name === name)?.terms ?? []).map((term) => [term.name, term.count]),
  );
const messagesOf = ({ sums }: Sums) => sums.find(({ name }) => name === 'messages published');

describe('the live sums', () => {
  it('add up, with the ids behind each term', async () => {
    world = createFeedWorld();
    for (const id of [1, 2, 3]) world.publish('orders_data', orderBody(id));
    for (const id of [1, 2, 99]) world.publish('payments_data', paymentBody(id));
    world.publish('payments_data', { ...paymentBody(2), payment_id: 5_000 });
    world.publish('orders_data', 'no order');
    await world.untilSettled();
    start();

    const sums = await nextSums();

    expect(termsOf(sums, 'messages published')).toEqual({
      'orders, in the ledger': 3,
      'payments, in the ledger': 4,
      'invalid, dead letters': 1,
      'on their way': 0,
    });
    expect(messagesOf(sums)).toMatchObject({ total: 8, offBy: 0, why: null, note: '' });
    expect(termsOf(sums, 'orders')).toMatchObject({ paid: 2, 'no payment yet': 1 });
    expect(termsOf(sums, 'payments')).toEqual({
      'shown on their order': 2,
      'kept beside another': 1,
      'waiting for their order': 1,
    });
    expect(sums.sums.map(({ offBy }) => offBy)).toEqual([0, 0, 0]);
    expect(sums).toMatchObject({
      lost: 0,
      violations: 0,
      waiting: { count: 1 },
      findings: { open: 1 },
      problem: null,
    });
    expect(sums.needsPerson.map(({ reason, open }) => [reason, open])).toEqual([
      ['conflict', 1],
      ['invalid', 1],
    ]);
    expect(live.ids('payments', 'waiting for their order', 10)).toEqual({
      of: 'orders',
      ids: ['99'],
      total: 1,
    });
    expect(live.ids('orders', 'no payment yet', 10)?.ids).toEqual(['3']);
    expect(live.ids('orders', 'no such term', 10)).toBeUndefined();
  });

  it('count every broken promise, however many there are', async () => {
    const store = createMemoryStore();
    for (let id = 1; id <= 1_500; id += 1)
      await recordOnly(
        store,
        orderEntry(id, { orderId: BigInt(id) }),
        paymentEntry(5_000 + id, { orderId: BigInt(id) }),
      );
    world = createFeedWorld({ store });
    start();

    const { violations } = await nextSums((sums) => (sums.violations ?? 0) > 0);

    expect(violations).toBe(1_500);
  });

  it('count payments in a term, and orders behind it', async () => {
    world = createFeedWorld();
    world.publish('orders_data', orderBody(1));
    for (const payment_id of [5_000, 5_001, 5_002])
      for (const id of [1, 98, 99]) world.publish('payments_data', paymentBody(id, { payment_id }));
    await world.untilSettled();
    const mandate = { operationId: 'a', operator: 'ann', because: 'they were sent to try something out' };
    for (const { eventId: ref } of (await world.store.findOrderRecord(98n))?.ledger ?? [])
      await decide(
        world.store,
        { orderId: 98n, decision: 'discarded', ref, decidedAtMs: Date.now() },
        mandate,
      );
    start();

    // What was decided in the very millisecond of a pass belongs to the next one.
    const sums = await nextSums((next) => termsOf(next, 'payments').discarded === 3);

    expect(termsOf(sums, 'payments')).toEqual({
      'shown on their order': 1,
      'kept beside another': 2,
      'waiting for their order': 3,
      discarded: 3,
    });
    const idsOf = (term: string) => live.ids('payments', term, 10);
    expect(idsOf('kept beside another')).toEqual({ of: 'orders', ids: ['1'], total: 1 });
    expect(idsOf('waiting for their order')).toEqual({ of: 'orders', ids: ['99'], total: 1 });
    expect(idsOf('discarded')).toEqual({ of: 'orders', ids: ['98'], total: 1 });
  });

  it('say how many messages were redriven, because the figure beside them counts these, too', async () => {
    world = createFeedWorld();
    world.publish('orders_data', orderBody(1));
    await world.untilSettled();
    const { ledger } = await world.store.findOrderRecord(1n);
    const firstPublished = new Date(ledger[0]?.publishedAtMs ?? 0).toISOString();
    world.publish('orders_data', orderBody(1), { [ATTRIBUTE.originPublishTime]: firstPublished });
    await world.untilSettled();
    start();

    const sums = await nextSums();

    expect(messagesOf(sums)).toMatchObject({
      total: 1,
      offBy: 0,
      note: '1 more were redriven, and are events that are counted already',
    });
  });

  it('do not say that they are wrong when a message claims a time at which nothing was published', async () => {
    world = createFeedWorld();
    world.publish('orders_data', orderBody(1));
    const claim = { [ATTRIBUTE.originPublishTime]: new Date().toISOString() };
    await until('a later millisecond', () => new Date().toISOString() > claim[ATTRIBUTE.originPublishTime]);
    world.publish('orders_data', orderBody(2), claim);
    await world.untilSettled();
    start();

    const sums = await nextSums();

    expect(messagesOf(sums)).toMatchObject({
      total: 1,
      offBy: null,
      why: '1 more than were published, and 1 says that it carries an earlier event, which was not seen here',
    });
  });

  it('add up at any moment while messages arrive', async () => {
    world = createFeedWorld();
    start();
    for (let id = 1; id <= 300; id += 1) {
      world.publish('payments_data', paymentBody(id));
      world.publish('orders_data', id % 50 === 0 ? 'no order' : orderBody(id));
      if (id % 30 !== 0) continue;

      const sums = await nextSums();

      expect(messagesOf(sums)).toMatchObject({ offBy: 0, total: expect.any(Number) });
      expect(sums.sums.map(({ offBy }) => offBy)).toEqual([0, 0, 0]);
    }
  });

  it('leave out on both sides what is published while the tables are read', async () => {
    world = createFeedWorld();
    for (const id of [1, 2]) world.publish('orders_data', orderBody(id));
    await world.untilSettled();
    let passes = 0;
    start({
      ...world.store,
      scanOrders: async function* (...args) {
        passes += 1;
        // A later millisecond than that of the snapshot, and acked before the scan begins.
        const startedAtMs = Date.now();
        await until('a later millisecond', () => Date.now() > startedAtMs);
        world.publish('orders_data', orderBody(10 * passes));
        world.publish('payments_data', paymentBody(1 + (passes % 2), { payment_id: 500 + passes }));
        await world.untilSettled();
        yield* world.store.scanOrders(...args);
      },
    });

    const sums = await nextSums();

    expect(sums.sums.map(({ offBy }) => offBy)).toEqual([0, 0, 0]);
    expect(shown.every(({ sums: all }) => all.every(({ why }) => why === null))).toBe(true);
  });

  it('come again soon after a slow pass over few rows, and once more after the last change', async () => {
    world = createFeedWorld();
    let slownessMs = 0;
    start(
      {
        ...world.store,
        scanOrders: async function* (...args) {
          // What is busy is the machine, so a rest as long as the pass would help nobody.
          slownessMs += 60_000;
          yield* world.store.scanOrders(...args);
          if (slownessMs > 60_000) return;
          world.publish('orders_data', orderBody(1));
          await world.untilSettled();
        },
      },
      () => Date.now() + slownessMs,
    );
    const first = await until('the first pass', () =>
      live.sums().passAtMs === null ? undefined : live.sums(),
    );

    const last = await until('a pass of its own accord', () =>
      live.sums().version === world.feed.books.version() ? live.sums() : undefined,
    );

    expect([messagesOf(first)?.total, messagesOf(last)?.total]).toEqual([0, 1]);
    expect(first.version).toBeLessThan(last.version ?? 0);
  });

  it('count what nobody has acked as on its way', async () => {
    let isTaken = false;
    world = createFeedWorld({ isTaken: () => isTaken });
    world.publish('orders_data', orderBody(1));
    world.publish('orders_data', orderBody(2));
    start();

    // What is published in the very millisecond of a pass belongs to the next one.
    const sums = await nextSums((next) => messagesOf(next)?.total === 2);
    isTaken = true;
    await world.untilSettled();

    expect(termsOf(sums, 'messages published')).toMatchObject({
      'orders, in the ledger': 0,
      'on their way': 2,
    });
    expect(messagesOf(sums)).toMatchObject({ total: 2, offBy: 0 });
    expect(live.ids('messages published', 'on their way', 10)?.ids).toHaveLength(2);
  });

  it('add up when Pub/Sub has dropped messages, and say how many', async () => {
    let isTaken = false;
    world = createFeedWorld({ isTaken: () => isTaken });
    for (const id of [1, 2]) world.publish('orders_data', orderBody(id));
    const name = subscriptionName('orders_data-sub');
    const publishedAtMs = Date.now();
    await until('a later millisecond', () => Date.now() > publishedAtMs);
    world.broker.seek(name, Date.now());
    isTaken = true;
    world.publish('orders_data', orderBody(3));
    await world.untilSettled();
    start();

    const sums = await nextSums();

    expect(termsOf(sums, 'messages published')).toMatchObject({
      'orders, in the ledger': 1,
      'on their way': 0,
      'dropped by Pub/Sub': 2,
    });
    expect(messagesOf(sums)).toMatchObject({ total: 3, offBy: 0, why: null });
    expect(live.ids('messages published', 'dropped by Pub/Sub', 10)?.ids).toHaveLength(2);
    expect(world.feed.books.settledUpToMs()).toBeGreaterThan(publishedAtMs);
  });

  it('do not close when more was dropped than is remembered, and say why', async () => {
    world = createFeedWorld({ isTaken: () => false });
    for (let id = 1; id <= 10_001; id += 1) world.publish('orders_data', orderBody(id));
    world.broker.detachSubscription(subscriptionName('orders_data-sub'));
    start();

    const sums = await nextSums();

    expect(messagesOf(sums)).toMatchObject({
      total: null,
      offBy: null,
      why: expect.stringContaining('10001 messages'),
    });
    expect(sums.lost).toBeNull();
  });

  it('say what is in no table, by id, when two passes have seen it', async () => {
    world = createFeedWorld();
    for (const id of [1, 2, 3]) world.publish('orders_data', orderBody(id));
    await world.untilSettled();
    const [lost] = [...(await ledgerIds())];
    start(withoutEvent(world.store, lost ?? ''));

    const twice = await nextSums((sums) => typeof messagesOf(sums)?.offBy === 'number');

    const once = shown.find(({ sums }) => sums.length > 0);
    expect(once?.lost).toBeNull();
    expect(once?.sums[0]).toMatchObject({ offBy: null, why: expect.stringContaining('counted again') });
    expect(messagesOf(twice)).toMatchObject({ total: 3, offBy: 1, why: '1 is acked and in no table' });
    expect(twice.lost).toBe(1);
    expect(live.ids('messages published', 'in no table', 10)?.ids).toEqual([lost]);
  });

  it('count what an earlier run left on both sides, and say how much it is', async () => {
    const earlier = createFeedWorld();
    world = earlier;
    for (const id of [1, 2]) earlier.publish('orders_data', orderBody(id));
    earlier.publish('orders_data', 'no order');
    await earlier.untilSettled();
    await earlier.stop();
    const endedAtMs = Date.now();
    await until('a later millisecond', () => Date.now() > endedAtMs);
    world = createFeedWorld({ store: earlier.store });
    world.publish('orders_data', orderBody(3));
    await world.untilSettled();
    start();

    const sums = await nextSums();

    expect(messagesOf(sums)).toMatchObject({
      total: 4,
      offBy: 0,
      note: expect.stringMatching(/^3 of them were there before \d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
    });
  });

  it('do not close where nobody says what was published, and say why', async () => {
    world = createFeedWorld({ isWitnessed: false });
    world.publish('orders_data', orderBody(1));
    await world.untilSettled();
    start();

    const sums = await nextSums();

    expect(messagesOf(sums)).toMatchObject({
      total: null,
      offBy: null,
      why: 'this Pub/Sub does not say how many were published',
    });
    expect(sums.lost).toBeNull();
    expect(sums.sums.find(({ name }) => name === 'orders')).toMatchObject({ total: 1, offBy: 0 });
  });

  it.for<[Error, boolean[]]>([
    [new TransientError('no host'), [false]],
    [new TypeError('cannot read 4111111111111111'), []],
  ])('tell a bug from a store that is away: %s', async ([error, told]) => {
    world = createFeedWorld();
    const answers: boolean[] = [];
    const bugs: unknown[] = [];
    live = createLiveSums({
      source: {
        ...world.store,
        scanOrders: () => {
          throw error;
        },
      },
      books: world.feed.books,
      clock: Date.now,
      onChanged: () => {},
      onAnswer: (isAnswer) => answers.push(isAnswer),
      onBug: (fields) => bugs.push(fields),
    });

    const { problem } = await until('a problem', () =>
      live.sums().problem === null ? undefined : live.sums(),
    );

    expect(answers).toEqual(told);
    expect(bugs).toHaveLength(1 - told.length);
    expect(problem).not.toContain('4111111111111111');
  });

  it('keep the last sums with their time while the tables cannot be read', async () => {
    world = createFeedWorld();
    world.publish('orders_data', orderBody(1));
    await world.untilSettled();
    let isAway = false;
    start({
      ...world.store,
      scanOrders: (...args) => {
        if (isAway) throw new Error('the store did not answer');
        return world.store.scanOrders(...args);
      },
    });
    const before = await nextSums();

    isAway = true;
    const away = await until('a problem', () => {
      live.again();
      return live.sums().problem === null ? undefined : live.sums();
    });

    expect(away.problem).toBe('the store did not answer');
    expect(away.countedAtMs).toBe(before.countedAtMs);
    expect(away.sums).toEqual(before.sums);
  });
});

const ledgerIds = async (): Promise<ReadonlySet<string>> => {
  const ids = new Set<string>();
  for await (const { ledger } of world.store.scanOrders()) for (const { eventId } of ledger) ids.add(eventId);
  return ids;
};

/** A store that has lost one event with its order. */
const withoutEvent = (store: AuditSource, eventId: string): AuditSource => ({
  ...store,
  scanOrders: async function* (after) {
    for await (const record of store.scanOrders(after)) {
      if (!record.ledger.some((row) => row.eventId === eventId)) yield record;
    }
  },
});
