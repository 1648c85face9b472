import { describe, expect, it } from 'vitest';
import type { EventStamp } from '../../../shared/domain/event.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import type { InputTopic } from '../../../shared/topology.ts';
import { type Accepted, toAccepted } from '../../../proof/chaos/accepted.ts';
import { sortIntoBuckets } from '../../../proof/chaos/sortIntoBuckets.ts';
import {
  order,
  orderBytes,
  payment,
  paymentBytes,
  PUBLISHED_AT_MS,
} from '../../../proof/referenceMessages.ts';

/** Messages that Pub/Sub has accepted, and the tables in which they should be. */
const setUp = () => {
  const store = createMemoryStore();
  const events = new Map<string, Accepted>();
  const accept = (topic: InputTopic, data: Uint8Array): EventStamp => {
    const message = { data, messageId: '1', publishedAtMs: PUBLISHED_AT_MS + events.size, attributes: {} };
    const accepted = toAccepted(topic, { ...message, orderingKey: '' });
    events.set(accepted.eventId, accepted);
    return { eventId: accepted.eventId, publishedAtMs: message.publishedAtMs };
  };
  const recordInvalid = (stamp: EventStamp, payload: Uint8Array) =>
    store.recordDeadLetter({
      ...stamp,
      reason: 'invalid',
      error: '',
      originTopic: 'orders_data',
      originMessageId: '1',
      recordedAtMs: 0,
      payload,
      isRedacted: false,
      redriveCount: 0,
      orderId: undefined,
      paymentId: undefined,
    });
  return { store, accept, recordInvalid, sort: () => sortIntoBuckets(events, store) };
};

const EMPTY = { stored: 0, shown: 0, beside: 0, parked: 0, invalid: 0 };

describe('every accepted message', () => {
  it('is found in its bucket: an order, its payment, a second payment, an early payment, an invalid order', async () => {
    const { store, accept, recordInvalid, sort } = setUp();
    const [malformed, missing] = [orderBytes({ price: '"1"' }), { orderId: 2n, paymentId: 1002n }];

    await store.recordOrder(order(), accept('orders_data', orderBytes()));
    await store.recordPayment(
      payment({ paymentId: 9n }),
      accept('payments_data', paymentBytes({ payment_id: '9' })),
    );
    await store.recordPayment(payment(), accept('payments_data', paymentBytes()));
    const waits = accept('payments_data', paymentBytes({ order_id: '2', payment_id: '1002' }));
    await store.parkPayment(payment(missing), waits);
    await recordInvalid(accept('orders_data', malformed), malformed);

    expect(await sort()).toMatchObject({
      counts: { stored: 1, shown: 1, beside: 1, parked: 1, invalid: 1 },
      lost: [],
      twice: [],
      strangers: [],
    });
  });

  it('is lost when its order is not in the tables', async () => {
    const { accept, sort } = setUp();

    const { eventId } = accept('orders_data', orderBytes());

    const { counts, lost } = await sort();
    expect(counts).toEqual(EMPTY);
    expect(lost.map((event) => event.eventId)).toEqual([eventId]);
  });

  it('is lost when its order is in the tables with other contents', async () => {
    const { store, accept, sort } = setUp();

    await store.recordOrder(order({ price: 1 }), accept('orders_data', orderBytes()));

    expect((await sort()).lost).toHaveLength(1);
  });

  it('is lost when its payment is kept under another event, or with other contents', async () => {
    const { store, accept, sort } = setUp();
    const stamp = accept('payments_data', paymentBytes());

    await store.parkPayment(payment(), { ...stamp, eventId: 'f'.repeat(32) });
    await store.parkPayment(payment({ cardLastFour: '9999' }), stamp);

    const { lost, strangers } = await sort();
    expect(lost).toHaveLength(1);
    expect(strangers).toEqual(['f'.repeat(32)]);
  });

  it('is lost when its dead letter holds other bytes', async () => {
    const { accept, recordInvalid, sort } = setUp();

    await recordInvalid(accept('orders_data', Buffer.from('poison')), Buffer.from('another'));

    expect((await sort()).lost).toHaveLength(1);
  });

  it('is in two buckets when it is stored and invalid', async () => {
    const { store, accept, recordInvalid, sort } = setUp();
    const stamp = accept('orders_data', orderBytes());

    await store.recordOrder(order(), stamp);
    await recordInvalid(stamp, orderBytes());

    expect((await sort()).twice.map(({ eventId }) => eventId)).toEqual([stamp.eventId]);
  });

  it('counts as stored twice when an order was published twice', async () => {
    const { store, accept, sort } = setUp();

    await store.recordOrder(order(), accept('orders_data', orderBytes()));
    await store.recordOrder(order(), accept('orders_data', orderBytes()));

    expect((await sort()).counts).toEqual({ ...EMPTY, stored: 2 });
  });
});
