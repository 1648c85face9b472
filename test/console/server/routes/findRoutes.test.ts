import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FindAnswer } from '../../../../console/contract.ts';
import { findRoutes } from '../../../../console/server/routes/findRoutes.ts';
import { createMemoryStore } from '../../../../shared/store/memoryStore.ts';
import { acceptAll } from '../../../support/audit/acceptAll.ts';
import { callRoute } from '../../../support/console/callRoute.ts';
import { feedOf, messageDetail } from '../../../support/console/seenMessages.ts';
import { PUBLISHED_AT_MS, stamp } from '../../../support/messages/domain.ts';
import { orderEntry, paymentEntry } from '../../../support/messages/entries.ts';
import { deadLetterOf } from '../../../support/messages/records.ts';

const SEEN = 'abc1230000000000000000000000007d';
const POISON = stamp(9).eventId;

describe('the route that finds', () => {
  const store = createMemoryStore();
  const feed = feedOf(
    messageDetail(SEEN, { orderId: '1', paymentId: '1001' }),
    messageDetail('20417', { eventId: null, outcome: 'on its way', orderId: null, paymentId: null }),
  );
  const find = async (q: string, clock = () => PUBLISHED_AT_MS, of = store) => {
    const path = `/api/find?q=${encodeURIComponent(q)}`;
    const { status, value } = await callRoute(findRoutes({ store: of, clock, feed }), 'GET', path);
    return { status, value: value as FindAnswer };
  };

  beforeAll(async () => {
    await acceptAll(store, orderEntry(1), paymentEntry(2), paymentEntry(3, { orderId: 5n, paymentId: 77n }));
    const invalid = { reason: 'invalid', orderId: undefined, paymentId: undefined } as const;
    await store.recordDeadLetter(deadLetterOf(9, invalid));
  });
  afterAll(() => store.close());

  it.each([
    ['an order', '1', '#order/1', 'order', 'order 1'],
    ['a payment that passed by', ' 1001 ', `#stream/${SEEN}`, 'payment', 'payment 1001 for order 1, matched'],
    ['a payment of long ago', '77', '#order/5', 'payment', 'payment 77 for order 5'],
    ['an event', SEEN, `#stream/${SEEN}`, 'event', 'payment 1001 for order 1, matched'],
    [
      'the first digits of an event',
      'ABC123',
      `#stream/${SEEN}`,
      'event',
      'payment 1001 for order 1, matched',
    ],
    ['a message that no function has seen', '20417', '#stream/20417', 'message', 'of no order, on its way'],
    [
      'a dead letter of a message without an order',
      POISON,
      `#dead-letters/letter?letter=2024-01-21%2F0%2F${POISON}%2Finvalid`,
      'dead letter',
      'dead letter invalid',
    ],
  ])('finds %s', async (_what, q, href, kind, what) => {
    expect(await find(q)).toEqual({ status: 200, value: { places: [{ href, kind, what }], looked: '' } });
  });

  it('finds an order and a payment that have the same digits, and an order only once', async () => {
    const other = createMemoryStore();
    await acceptAll(
      other,
      paymentEntry(3, { orderId: 5n, paymentId: 77n }),
      orderEntry(4, { orderId: 77n }),
      orderEntry(5, { orderId: 88n }),
      paymentEntry(6, { orderId: 88n, paymentId: 88n }),
    );

    const places = await Promise.all(
      ['77', '88'].map(async (q) => (await find(q, undefined, other)).value.places),
    );

    expect(places.map((found) => found.map(({ href, what }) => `${href} ${what}`))).toEqual([
      ['#order/77 order 77', '#order/5 payment 77 for order 5'],
      ['#order/88 order 88'],
    ]);
  });

  it('says where it looked when it found nothing', async () => {
    expect((await find('4711')).value).toEqual({
      places: [],
      looked: 'the order of this id, the messages of late, and the payments of all 2 orders',
    });
    expect((await find('fffffff')).value).toEqual({ places: [], looked: 'the messages of late' });
  });

  it('gives up in time, and says how far it came', async () => {
    let nowMs = PUBLISHED_AT_MS;
    const slow = (): number => (nowMs += 2_000);

    expect((await find('4711', slow)).value.looked).toBe(
      'the order of this id, the messages of late, and the payments of 2 orders',
    );
  });

  it.each(['', 'abc', 'order 1', '<b>', 'f'.repeat(33), '1'.repeat(65)])('refuses %j', async (q) => {
    const { status, value } = await find(q);

    const expected = 'expected digits, or the first 6 to 32 hex digits of an event';
    expect([status, value]).toEqual([
      422,
      { error: `This is not an id: ${expected}.`, fields: { q: expected } },
    ]);
  });
});
