import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import type { FeedFrame } from '../../../console/feed/feed.ts';
import { createLocalFeed } from '../../../console/feed/localFeed.ts';
import { until } from '../../../proof/until.ts';
import { createSettleMessage } from '../../../shared/messaging/settleMessage.ts';
import { ack } from '../../../shared/messaging/settlement.ts';
import { createLog } from '../../../shared/telemetry/log.ts';
import { createFeedWorld } from '../../support/console/feedWorld.ts';
import { ATTRIBUTE } from '../../../shared/messaging/deadLetterAttributes.ts';
import { subscriptionName } from '../../support/pubsub/testBroker.ts';
import { orderBody, paymentBody } from '../../support/messages/bodies.ts';
import { receivedMessage, subscription as specOf } from '../../support/messages/builders.ts';

const ALL = { text: '', topic: '', outcomes: [] };

let world: ReturnType<typeof createFeedWorld>;
afterEach(() => world.stop());

const frameOf = (filter = ALL): FeedFrame => {
  const reader = world.feed.open(filter);
  const frame = reader.next();
  reader.close();
  return frame;
};

describe('the feed of a local system', () => {
  it('says what became of each message', async () => {
    world = createFeedWorld();
    world.publish('payments_data', paymentBody(1));
    await world.untilSettled();
    world.publish('orders_data', orderBody(1));
    world.publish('orders_data', orderBody(2));
    world.publish('orders_data', { ...orderBody(3), price: '1,403.00' });
    await world.untilSettled();

    const { rows, figures } = frameOf();

    expect(
      rows.map(({ topic, orderId, outcome, attempts }) => ({ topic, orderId, outcome, attempts })),
    ).toEqual([
      row('payments_data', '1', 'parked'),
      row('orders_data', '1', 'matched'),
      row('orders_data', '2', 'stored'),
      row('orders_data', '3', 'invalid'),
    ]);
    expect(rows.at(-1)?.note).toContain('price: expected a finite number');
    expect({ published: figures.published.total, acked: figures.acked.total }).toEqual({
      published: 4,
      acked: 4,
    });
    expect(figures.endToEnd).not.toBeNull();
  });

  it('forgets a payload with its attributes, and keeps what became of the message', async () => {
    world = createFeedWorld();
    const messageId = world.publish('orders_data', orderBody(1), { source: 'shop' });
    await world.untilSettled();
    const [{ key } = { key: '' }] = frameOf().rows;
    expect(world.feed.messageOf(key)).toMatchObject({ attributes: { source: 'shop' } });

    world.feed.forgetPayload?.(key);

    const gone = { outcome: 'stored', payload: null, attributes: null };
    expect(world.feed.messageOf(key)).toMatchObject(gone);
    expect(world.feed.messageOf(messageId)).toMatchObject(gone);
  });

  it('does not wait for what a seek has dropped', async () => {
    world = createFeedWorld({ isTaken: () => false });
    world.publish('orders_data', orderBody(1));
    world.publish('orders_data', orderBody(2));
    const before = frameOf().edges.subscriptions['orders_data-sub'];

    world.broker.seek(subscriptionName('orders_data-sub'), Date.now() + 1);
    const { now } = await until('new figures', () => {
      const next = frameOf().edges.subscriptions['orders_data-sub'];
      return next?.backlog === before?.backlog ? undefined : { now: next };
    });

    expect(before?.backlog).toBe(2);
    expect(now).toMatchObject({ backlog: 0, oldestMs: null });
  });

  it('says that a message was dropped, also one that was tried, and takes it back when it comes again', async () => {
    let isTaken = false;
    world = createFeedWorld({ isTaken: () => isTaken, retainAckedMessages: true });
    const messageId = world.publish('orders_data', orderBody(1));
    const subscription = subscriptionName('orders_data-sub');
    await until('an attempt', () => (world.feed.messageOf(messageId)?.attempts.failed ?? 0) > 0);

    world.broker.seek(subscription, Date.now() + 1);
    const dropped = world.feed.messageOf(messageId);
    const [row] = frameOf().rows;
    world.broker.seek(subscription, 0);
    const again = world.feed.messageOf(messageId);
    isTaken = true;
    await world.untilSettled();

    expect(dropped).toMatchObject({
      outcome: 'dropped',
      againAtMs: null,
      note: expect.stringContaining('by a seek, for its age, or with its subscription'),
    });
    expect(row).toMatchObject({ outcome: 'dropped', eventId: dropped?.eventId });
    expect(again).toMatchObject({ outcome: 'on its way', error: null });
    expect(world.feed.messageOf(messageId)).toMatchObject({ outcome: 'stored', error: null });
  });

  it('says that a message was dropped whose topic has no subscription, and counts it', async () => {
    world = createFeedWorld();
    await world.broker.deleteSubscription(subscriptionName('orders_data-sub'));
    const messageId = world.publish('orders_data', orderBody(1));

    const { rows, figures } = frameOf();

    expect(world.feed.messageOf(messageId)).toMatchObject({
      outcome: 'dropped',
      note: 'Pub/Sub dropped it: its topic has no subscription',
    });
    expect(rows).toMatchObject([{ outcome: 'dropped', eventId: expect.any(String) }]);
    expect(figures.published.total).toBe(1);
  });

  it('counts what told a finding, and what was dropped, beside the other outcomes', async () => {
    let isTaken = true;
    world = createFeedWorld({ isTaken: () => isTaken });
    world.publish('orders_data', orderBody(1));
    world.publish('payments_data', paymentBody(1));
    await world.untilSettled();
    world.publish('payments_data', paymentBody(1, { payment_id: 5_000 }));
    await world.untilSettled();
    isTaken = false;
    world.publish('orders_data', orderBody(2));
    world.broker.seek(subscriptionName('orders_data-sub'), Date.now() + 1);

    const { outcomes } = await until('new figures', () => {
      const { figures } = frameOf();
      return figures.published.total === 4 ? figures : undefined;
    });

    expect(outcomes).toMatchObject({ findings: 0.1, dropped: 0.1, invalid: 0, retry: 0 });
  });

  it('does not call a message dropped of which a function has said what became of it', async () => {
    world = createFeedWorld();
    world.publish('payments_data', paymentBody(1));
    await world.untilSettled();

    world.broker.seek(subscriptionName('payments_data-sub'), Date.now() + 1);

    expect(frameOf().rows).toMatchObject([{ outcome: 'parked', tookMs: expect.any(Number) }]);
  });

  it('does not take the age of a replayed message for the time that it took', async () => {
    world = createFeedWorld({ retainAckedMessages: true });
    world.publish('orders_data', orderBody(1));
    await world.untilSettled();
    const settledAtMs = Date.now();
    await until('a time that shows', () => Date.now() > settledAtMs + 600);

    world.broker.seek(subscriptionName('orders_data-sub'), 0);
    await world.untilSettled();
    const { figures } = await until('its ack', () => {
      const frame = frameOf();
      return frame.figures.acked.total === 2 ? frame : undefined;
    });

    expect(figures.endToEnd?.p99).toBeLessThan(500);
  });

  it('shows of the reasons that a dead letter gives only those that there are', async () => {
    world = createFeedWorld();
    world.publish('orders_data', 'no order');
    await world.untilSettled();
    const key = frameOf().rows[0]?.key ?? '';
    const forged = { [ATTRIBUTE.eventId]: key, [ATTRIBUTE.reason]: 'rivals,4111111111111111' };
    world.publish('dlq_orders_data', 'no order', forged);
    await world.untilSettled();

    const told = world.feed.messageOf(key)?.told ?? [];
    expect(told.map(({ reasons }) => reasons)).toEqual([['invalid'], ['rivals']]);
  });

  it('keeps no more than the newest dead letters of one event', async () => {
    world = createFeedWorld();
    world.publish('orders_data', 'no order');
    await world.untilSettled();
    const key = frameOf().rows[0]?.key ?? '';
    for (let count = 0; count < 150; count += 1) {
      world.publish('dlq_orders_data', 'no order', { [ATTRIBUTE.eventId]: key });
    }
    await world.untilSettled();

    expect(world.feed.messageOf(key)?.told).toHaveLength(100);
  });

  it('counts a redriven message as published, as it counts its ack, and on the edge of the redrives', async () => {
    world = createFeedWorld();
    world.publish('orders_data', orderBody(1));
    await world.untilSettled();
    const firstPublished = new Date(frameOf().rows[0]?.publishedAtMs ?? 0).toISOString();

    world.publish('orders_data', orderBody(1), { [ATTRIBUTE.originPublishTime]: firstPublished });
    await world.untilSettled();
    const { edges, figures } = await until('its ack', () => {
      const frame = frameOf();
      return frame.figures.acked.total === 2 ? frame : undefined;
    });

    expect(figures.published.total).toBe(2);
    expect(edges.redrivesPerSecond).toBe(0.1);
  });

  it('counts copies on the dead-letter topics on their edges, and not as published', async () => {
    world = createFeedWorld();
    world.publish('payments_data', paymentBody(1));
    await world.untilSettled();

    const { edges, figures } = frameOf();

    expect(figures.published.total).toBe(1);
    expect(edges.topics.dlq_payments_data?.perSecond).toBe(0.1);
    expect(edges.functions.onPayment?.tells).toEqual({ unmatched: 0.1 });
    expect(edges.tables.dead_letters?.writesPerSecond).toBe(0.1);
    expect(edges.subscriptions['payments_data-sub']).toMatchObject({
      backlog: 0,
      oldestMs: null,
      forwarded: 0,
    });
  });

  it('tells each attempt, why it failed, and how long Pub/Sub waited', async () => {
    let isAway = true;
    world = createFeedWorld({ isStoreAway: () => isAway });
    world.publish('orders_data', orderBody(1));
    const retried = await until('two attempts', () => {
      const [only] = frameOf().rows;
      return only !== undefined && only.attempts.failed >= 2 ? only : undefined;
    });
    isAway = false;
    await world.untilSettled();

    const detail = world.feed.messageOf(retried.key);

    expect(retried).toMatchObject({ outcome: 'retry', tookMs: null });
    expect(detail).toMatchObject({ outcome: 'stored', error: null, tookMs: expect.any(Number) });
    expect(detail?.attempts.list[0]).toMatchObject({
      number: 1,
      function: 'onOrder',
      settlement: 'retry',
      status: 503,
      error: 'TransientError: the store did not answer',
      backoffMs: expect.any(Number),
    });
    expect(detail?.attempts.list.at(-1)).toMatchObject({ settlement: 'ack', status: 204, backoffMs: null });
    await until('two retries', () => (frameOf().figures.retries.total ?? 0) >= 2);
  });

  it('says that nobody answered, where the function is away', async () => {
    let isTaken = false;
    world = createFeedWorld({ isTaken: () => isTaken });
    const messageId = world.publish('orders_data', orderBody(1));
    await until('an attempt', () => (world.feed.messageOf(messageId)?.attempts.failed ?? 0) > 0);

    const detail = world.feed.messageOf(messageId);
    const backlog = frameOf().edges.subscriptions['orders_data-sub'];
    isTaken = true;
    await world.untilSettled();

    expect(detail?.attempts.list[0]).toMatchObject({ settlement: 'no answer', status: null, outcome: null });
    expect(detail?.outcome).toBe('on its way');
    expect(backlog).toMatchObject({ backlog: 1, oldestMs: expect.any(Number) });
  });

  it('keeps a message that Pub/Sub forwards one message, which the last function acks', async () => {
    let isAway = true;
    world = createFeedWorld({ isStoreAway: () => isAway, maxDeliveryAttempts: 5 });
    world.publish('orders_data', orderBody(1));
    await until('a forward', () => frameOf().edges.subscriptions['orders_data-sub']?.forwarded === 1);
    isAway = false;
    await world.untilSettled();

    const { rows, figures } = frameOf();

    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      outcome: 'stored',
      attempts: { failed: expect.any(Number), isAcked: true },
    });
    expect(figures.published.total).toBe(1);
    expect(world.feed.messageOf(rows[0]?.key ?? '')?.attempts.list.at(-1)?.function).toBe('onDlq');
  });

  it('counts the dead letters that onDlq finds itself in what was forwarded', async () => {
    let isAway = true;
    world = createFeedWorld({ isStoreAway: () => isAway, maxDeliveryAttempts: 5 });
    world.publish('payments_data', paymentBody(1));
    world.publish('payments_data', 'no JSON');
    await until('two forwards', () => frameOf().edges.subscriptions['payments_data-sub']?.forwarded === 2);
    isAway = false;

    // A rate is that of ten seconds.
    const deadLetters = () => frameOf().edges.tables['dead_letters']?.writesPerSecond;
    await until('both dead letters', () => deadLetters() === 0.2);
  });

  it('shows no card number, and keeps the rest of a payload', async () => {
    world = createFeedWorld();
    world.publish(
      'orders_data',
      { ...orderBody(1), item: 'paid with 4111 1111 1111 1111' },
      { card: '4111111111111111' },
    );
    await world.untilSettled();

    const detail = world.feed.messageOf(frameOf().rows[0]?.key ?? '');

    expect(JSON.stringify(detail)).not.toContain('4111 1111');
    expect(JSON.stringify(detail)).not.toContain('41111111');
    expect(detail?.payload).toMatchObject({ isMasked: true, isCut: false });
    expect(detail?.payload?.text).toContain('**** **** **** 1111');
  });

  it('cuts a large payload to 64 KiB', async () => {
    world = createFeedWorld();
    world.publish('orders_data', { ...orderBody(1), more: 'é'.repeat(100_000) });
    await world.untilSettled();

    const payload = world.feed.messageOf(frameOf().rows[0]?.key ?? '')?.payload;

    expect(payload?.isCut).toBe(true);
    expect(payload?.bytes).toBeGreaterThan(200_000);
    expect(Buffer.byteLength(payload?.text ?? '')).toBeLessThanOrEqual(64 * 1024);
  });

  it('applies a filter to all that it keeps', async () => {
    world = createFeedWorld();
    for (let id = 1; id <= 50; id += 1) world.publish('orders_data', orderBody(id));
    world.publish('payments_data', paymentBody(7));
    world.publish('payments_data', paymentBody(99));
    await world.untilSettled();

    const ids = (filter: Partial<typeof ALL>) =>
      frameOf({ ...ALL, ...filter }).rows.map(({ topic, orderId }) => `${topic} ${orderId}`);

    expect(ids({ text: '7' })).toEqual(['orders_data 7', 'payments_data 7']);
    expect(ids({ text: '7', topic: 'payments_data' })).toEqual(['payments_data 7']);
    expect(frameOf({ ...ALL, text: 'waits for its order' }).rows.map(({ orderId }) => orderId)).toEqual([
      '99',
    ]);
  });

  it('tells an outage when the store has not answered for two seconds, and its end', async () => {
    let isAway = true;
    world = createFeedWorld({ isStoreAway: () => isAway });
    world.publish('orders_data', orderBody(1));
    const notice = await until('a notice', () => frameOf().notices[0]);
    isAway = false;
    await world.untilSettled();

    expect(notice.kind).toBe('cassandra');
    expect(frameOf().notices).toEqual([]);
    expect(world.feed.history(0).outages).toEqual([
      {
        fromMs: expect.any(Number),
        toMs: expect.any(Number),
        text: expect.stringContaining('did not answer, '),
      },
    ]);
  });

  it('knows only what the lines say, where the Pub/Sub is another one', async () => {
    world = createFeedWorld({ isWitnessed: false });
    world.publish('orders_data', orderBody(1));
    await world.untilSettled();

    const { figures, edges, rows } = frameOf();

    expect(figures.published).toEqual({ perSecond: null, total: null });
    expect(figures.acked.total).toBe(1);
    expect(figures.outcomes).toMatchObject({ stored: 0.1, findings: 0 });
    expect(figures.outcomes).not.toHaveProperty('dropped');
    expect(edges.subscriptions['orders_data-sub']).toEqual({
      perSecond: null,
      backlog: null,
      oldestMs: null,
      forwarded: null,
    });
    expect(rows[0]).toMatchObject({
      orderId: '1',
      outcome: 'stored',
      attempts: { failed: 0, isAcked: true },
    });
    expect(world.feed.messageOf(rows[0]?.key ?? '')).toMatchObject({ payload: null, attributes: null });
    expect(await world.feed.books.snapshot()).toBeUndefined();
  });
});

describe('a message that waited too long in the worker', () => {
  it('is retried, and takes no part in the time of handling', async () => {
    world = createFeedWorld();
    const feed = createLocalFeed({ clock: Date.now, isWitnessed: false });
    onTestFinished(() => feed.stop());
    const log = createLog('onPayment', 'info', {
      write: (line) => feed.onFunctionLine('worker', line.trim()),
    });
    const settle = createSettleMessage({ handle: async () => ack('stored'), tell: async () => {}, log });

    await settle(receivedMessage(), specOf('payments_data-sub'), {
      startedAt: performance.now(),
      hasWaitedTooLong: true,
    });

    const { rows, edges } = feed.open(ALL).next();
    expect(rows).toMatchObject([{ outcome: 'retry', attempts: { failed: 1 } }]);
    expect(edges.functions['onPayment']).toMatchObject({ p95Ms: null, errorsPerSecond: 0.1 });
  });
});

describe('the books of a local system', () => {
  it('leave out the millisecond that is not over, and say so', async () => {
    let nowMs = 1_705_831_200_000;
    const feed = createLocalFeed({ clock: () => nowMs, isWitnessed: true });
    const publish = (messageId: string): void =>
      feed.witness.enqueued(
        'projects/p/subscriptions/orders_data-sub',
        {
          messageId,
          nth: 1,
          publishedAtMs: nowMs,
          data: Buffer.from(messageId),
          attributes: {},
          orderingKey: '',
        },
        1,
      );
    publish('1');
    nowMs += 1;
    publish('2');

    expect(await feed.books.snapshot()).toMatchObject({ published: 1, leftOut: 1 });
    nowMs += 1;
    expect(await feed.books.snapshot()).toMatchObject({ published: 2, leftOut: 0 });
    feed.stop();
  });
});

const row = (topic: string, orderId: string, outcome: string) => ({
  topic,
  orderId,
  outcome,
  attempts: { failed: 0, isAcked: true },
});
