import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OrderDetail, Refusal } from '../../../../console/contract.ts';
import { orderRoutes } from '../../../../console/server/routes/orderRoutes.ts';
import { TransientError } from '../../../../shared/errors.ts';
import { createCassandraOperationsStore } from '../../../../shared/store/cassandraOperationsStore.ts';
import { createCassandraStore } from '../../../../shared/store/cassandraStore.ts';
import { createMemoryStore } from '../../../../shared/store/memoryStore.ts';
import type { OpenedStore } from '../../../../shared/store/openOperationsStore.ts';
import type { Store } from '../../../../shared/store/store.ts';
import { acceptAll, recordOnly } from '../../../support/audit/acceptAll.ts';
import { createTestKeyspace, hasCassandra } from '../../../support/cassandra/testKeyspace.ts';
import { callRoute } from '../../../support/console/callRoute.ts';
import { localControls } from '../../../support/console/localControls.ts';
import { attempt, feedOf, messageDetail } from '../../../support/console/seenMessages.ts';
import { PUBLISHED_AT_MS, stamp } from '../../../support/messages/domain.ts';
import { decisionEntry, orderEntry, paymentEntry } from '../../../support/messages/entries.ts';

const NOW_MS = PUBLISHED_AT_MS + 3_600_000;

const describeRoutes = (storeKind: string, openStore: () => Promise<OpenedStore & Store>): void => {
  describe(`the routes of orders, on ${storeKind}`, () => {
    let store: OpenedStore & Store;
    const call = (method: 'GET' | 'POST', path: string, body?: unknown) => {
      const feed = feedOf(messageDetail(stamp(2).eventId, {}, [attempt({ startedAtMs: NOW_MS })]));
      const routes = orderRoutes({ store, clock: () => NOW_MS, feed, operator: 'ann', local: undefined });
      return callRoute(routes, method, path, body);
    };
    const readDetail = async (id: string): Promise<OrderDetail> => {
      const { status, value } = await call('GET', `/api/orders/${id}`);
      expect(status).toBe(200);
      return value as OrderDetail;
    };
    const refusalOf = ({ value }: { readonly value: unknown }) => value as Refusal;

    beforeAll(async () => {
      store = await openStore();
      await acceptAll(
        store,
        paymentEntry(1),
        orderEntry(2),
        orderEntry(3, { orderStatus: 'Delivered' }),
        paymentEntry(4, { paymentId: 7n }),
      );
      await acceptAll(store, paymentEntry(5, { orderId: 2n }));
      await recordOnly(store, paymentEntry(6, { orderId: 3n }), orderEntry(7, { orderId: 3n }));
      await acceptAll(store, orderEntry(8, { orderId: 4n }), paymentEntry(9, { orderId: 4n }));
      await acceptAll(store, decisionEntry(10, { orderId: 4n }));
      await acceptAll(store, paymentEntry(11, { orderId: 5n }));
      const discarded = { decision: 'discarded', ref: stamp(11).eventId } as const;
      await acceptAll(store, decisionEntry(12, { orderId: 5n, ...discarded }));
    });
    afterAll(() => store.close());

    it('tells all about an order: what it comes to, its story, its row and its dead letters', async () => {
      const value = await readDetail('1');

      expect(value).toMatchObject({
        orderId: '1',
        state: 'paid',
        counts: { orders: 2, payments: 2, decisions: 0 },
        payments: [
          { paymentId: '7', status: 'succeeded' },
          { paymentId: '1001', status: 'succeeded' },
        ],
        shown: { paymentId: '7', why: 'the newest that succeeded' },
        findings: [{ reason: 'conflict' }],
        problems: [],
        erased: null,
        leftOut: 0,
      });
      expect(value.deadLetters.map(({ reason, isOpen, topic }) => [reason, isOpen, topic])).toEqual([
        ['unmatched', false, 'dlq_payments_data'],
        ['conflict', true, 'dlq_payments_data'],
      ]);
    });

    it('tells what came in the order in which it came, as far as somebody saw it', async () => {
      const value = await readDetail('1');

      // Event 2 was published second, and taken an hour later.
      expect(value.story.filter(({ kind }) => kind !== 'deadLetter').map(({ eventId }) => eventId)).toEqual(
        [1, 3, 4, 2].map((number) => stamp(number).eventId),
      );
    });

    it('shows 13 columns with the event they come from, and the value before', async () => {
      const value = await readDetail('1');
      const columns = [...(value.row?.order.columns ?? []), ...(value.row?.payment.columns ?? [])];

      expect(columns).toHaveLength(13);
      expect(value.row?.order.from?.eventId).toBe(stamp(3).eventId);
      expect(value.row?.payment.from?.eventId).toBe(stamp(4).eventId);
      expect(columns.find(({ name }) => name === 'payment_id')).toEqual({
        name: 'payment_id',
        value: '7',
        was: '1001',
      });
      expect(value.row?.entriesSeen).toBe(2);
    });

    it('says that a payment waits for its order', async () => {
      const value = await readDetail('2');

      expect(value).toMatchObject({ state: 'waiting', row: null, shown: null, problems: [] });
    });

    it('says that no payment waits any more that was discarded, although its order has not come', async () => {
      const value = await readDetail('5');

      expect(value).toMatchObject({ state: 'not here', row: null });
      expect(value.story.find(({ kind }) => kind === 'deadLetter')?.changed).toBe(
        'It needs nobody any more.',
      );
    });

    it.each([
      [undefined, 'jsonPayload.message="message settled" AND jsonPayload.order_id="1"', true],
      [localControls().local, `grep -h '"order_id":"1"' .tally/logs/*.log`, false],
    ])('says how its log lines are found, in Cloud Logging and on a laptop', async (local, text, isQuery) => {
      const routes = orderRoutes({ store, clock: () => NOW_MS, feed: feedOf(), operator: 'ann', local });

      const { value } = await callRoute(routes, 'GET', '/api/orders/1');

      expect(value).toMatchObject({ logSearch: { text, isQuery } });
    });

    it('marks the columns that an erasure has blanked', async () => {
      const value = await readDetail('4');

      expect(value.erased).toEqual({ atMs: stamp(10).publishedAtMs, by: 'ann' });
      const columns = [...(value.row?.order.columns ?? []), ...(value.row?.payment.columns ?? [])];
      expect(columns.filter(({ isErased }) => isErased === true).map(({ name }) => name)).toEqual([
        'customer_id',
        'shipping_address',
        'card_last_four',
      ]);
    });

    it('says what is missing, heals it with the reason in the history, and then finds nothing', async () => {
      const before = await readDetail('3');
      expect(before.problems).toEqual(['order 3 and its payment 1001 are both here but not joined']);
      const wanted = before.row?.payment.columns.find(({ name }) => name === 'payment_id');
      expect(wanted).toMatchObject({ value: null, shouldBe: '1001' });

      const healed = await call('POST', '/api/orders/3/heal', { because: 'the page said so' });

      expect(healed).toEqual({
        status: 200,
        value: {
          result:
            'Order 3: written again, because order 3 and its payment 1001 are both here but not joined.',
        },
      });
      expect((await readDetail('3')).problems).toEqual([]);
      const operations = await store.findOperations(new Date(NOW_MS).toISOString().slice(0, 10));
      expect(operations).toMatchObject([
        { action: 'heal', operator: 'ann', filter: '1 order: 3', because: 'the page said so' },
      ]);
      const again = await call('POST', '/api/orders/3/heal', { because: '' });
      expect(again.value).toEqual({ result: 'Order 3: nothing was missing.' });
    });

    it.each(['x', '-1', '9223372036854775808', '1e3'])('refuses the id %s', async (id) => {
      const answered = await call('GET', `/api/orders/${id}`);

      expect([answered.status, refusalOf(answered).error]).toEqual([
        422,
        'expected the id of an order: a whole number from 0 to 9223372036854775807',
      ]);
    });

    it('answers 404 for an order of which no table knows anything', async () => {
      const answered = await call('GET', '/api/orders/99');

      expect([answered.status, refusalOf(answered).error]).toEqual([
        404,
        'order 99 is unknown: it has no row, no event and no dead letter',
      ]);
    });

    it.each([
      [undefined, 'body'],
      [{}, 'because'],
      [{ because: 1 }, 'because'],
      [{ because: 'x', more: 1 }, 'more'],
      [{ because: 'é'.repeat(251) }, 'because'],
    ])('heals nothing when the body is %j, and names the field %s', async (body, field) => {
      const answered = await call('POST', '/api/orders/1/heal', body);

      expect([answered.status, Object.keys(refusalOf(answered).fields ?? {})]).toEqual([422, [field]]);
    });
  });
};

describeRoutes('memory', async () => createMemoryStore());
describe.skipIf(!hasCassandra)('with Cassandra', () => {
  describeRoutes('Cassandra', async () => {
    const { client } = await createTestKeyspace();
    return { ...createCassandraStore(client), ...createCassandraOperationsStore(client) };
  });
});

it('answers 503 with a sentence when Cassandra does not answer', async () => {
  const store = createMemoryStore();
  const away = { ...store, findOrderRecord: () => Promise.reject(new TransientError('no host answered')) };
  const routes = orderRoutes({
    store: away,
    clock: () => NOW_MS,
    feed: feedOf(),
    operator: 'ann',
    local: undefined,
  });

  const { status, value } = await callRoute(routes, 'GET', '/api/orders/1');

  expect([status, value]).toEqual([503, { error: 'no host answered' }]);
});
