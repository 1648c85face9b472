import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audit } from '../../shared/audit/audit.ts';
import { ANY_DEAD_LETTER, type DeadLetterFilter } from '../../shared/operations/deadLetterFilter.ts';
import { paymentBytes } from '../../proof/referenceMessages.ts';
import { discard } from '../../shared/operations/discard.ts';
import { editDeadLetter } from '../../shared/operations/editDeadLetter.ts';
import { eraseDeadLetter } from '../../shared/operations/eraseDeadLetter.ts';
import { eraseOrder } from '../../shared/operations/eraseOrder.ts';
import { findCustomer } from '../../shared/operations/findCustomer.ts';
import { findParked } from '../../shared/operations/findParked.ts';
import { heal } from '../../shared/operations/heal.ts';
import { listDeadLetters } from '../../shared/operations/listDeadLetters.ts';
import { openFindings, resolve } from '../../shared/operations/resolve.ts';
import { runOperation } from '../../shared/operations/runOperation.ts';
import { selectDeadLetters } from '../../shared/operations/selectDeadLetters.ts';
import { createCassandraOperationsStore } from '../../shared/store/cassandraOperationsStore.ts';
import { createCassandraStore } from '../../shared/store/cassandraStore.ts';
import { createMemoryStore } from '../../shared/store/memoryStore.ts';
import type { OpenedStore } from '../../shared/store/openOperationsStore.ts';
import type { DeadLetterRow } from '../../shared/store/auditSource.ts';
import type { Store } from '../../shared/store/store.ts';
import { acceptAll, recordOnly } from '../support/audit/acceptAll.ts';
import { createTestKeyspace, hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { PUBLISHED_AT_MS, stamp } from '../support/messages/domain.ts';
import { decisionEntry, orderEntry, paymentEntry } from '../support/messages/entries.ts';
import { deadLetterOf } from '../support/messages/records.ts';

type TestStore = OpenedStore & Store;

const NOW_MS = PUBLISHED_AT_MS + 3_600_000;
const clock = (): number => NOW_MS;
const OPERATION = { operationId: 'op-1', operator: 'ann', because: 'it is a test' };
const WITHIN_A_DAY = { ...ANY_DEAD_LETTER, sinceMs: PUBLISHED_AT_MS - 60_000 };

/** The store, whose process dies at a call: before it takes effect, or after. */
const dyingAt = (store: TestStore, at: number, when: 'before' | 'after') => {
  const { promise: died, resolve: die } = Promise.withResolvers<'died'>();
  let calls = 0;
  const dying = new Proxy(store, {
    get: (target, name: keyof TestStore) => {
      const run = target[name] as (...args: unknown[]) => unknown;
      if (!['recordEntry', 'showOrder', 'recordDeadLetter', 'recordAction', 'erasePayload'].includes(name))
        return run;
      return async (...args: unknown[]): Promise<unknown> => {
        calls += 1;
        if (calls !== at) return run(...args);
        if (when === 'after') await run(...args);
        die('died');
        return new Promise(() => {});
      };
    },
  });
  return { dying, died };
};

/** Runs work that dies at each of its writes in turn, then runs it again to its end. */
const untilItLives = async (
  store: TestStore,
  work: (of: TestStore, round: number) => Promise<unknown>,
): Promise<number> => {
  let [deaths, rounds] = [0, 0];
  for (const when of ['before', 'after'] as const) {
    for (let at = 1; ; at += 1) {
      const { dying, died } = dyingAt(store, at, when);
      const round = rounds;
      rounds += 1;
      if ((await Promise.race([work(dying, round), died])) !== 'died') break;
      deaths += 1;
      await work(store, round);
    }
  }
  return deaths;
};

const describeOperations = (name: string, openStore: () => Promise<TestStore>): void => {
  describe(`operations, on ${name}`, () => {
    let store: TestStore;
    let lastOrderId = 0n;
    const nextOrderId = (): bigint => {
      lastOrderId += 1n;
      return lastOrderId;
    };
    beforeAll(async () => {
      store = await openStore();
    });
    afterAll(() => store.close());

    const lettersOf = (filter: Partial<DeadLetterFilter>): Promise<readonly DeadLetterRow[]> =>
      Array.fromAsync(selectDeadLetters(store, { ...ANY_DEAD_LETTER, ...filter }, { nowMs: NOW_MS }));
    /** Events of one order. Every event of the file has its own number. */
    const early = (number: number, orderId: bigint) =>
      paymentEntry(number, { orderId, paymentId: BigInt(number) });
    const ordered = (number: number, orderId: bigint) =>
      orderEntry(number, { orderId, customerId: 900n + orderId });
    const expectClean = async (): Promise<void> => {
      const { violations, suspected } = await audit(store, { patienceMs: 0 });
      expect([violations, suspected]).toEqual([[], []]);
    };

    it('list dead letters by groups and pages, and say which are open', async () => {
      const [open, joined] = [nextOrderId(), nextOrderId()];
      await acceptAll(store, early(1, open), early(2, joined), ordered(3, joined));
      await store.recordDeadLetter(
        deadLetterOf(4, { reason: 'invalid', orderId: undefined, error: 'price: got 4' }),
      );
      await store.recordDeadLetter(
        deadLetterOf(5, { reason: 'invalid', orderId: undefined, error: 'price: got 5' }),
      );
      const list = (page: number, filter = {}) =>
        listDeadLetters(
          store,
          { ...WITHIN_A_DAY, ...filter },
          {
            nowMs: NOW_MS,
            groupBy: 'error',
            sort: 'newest',
            page,
            pageRows: 3,
          },
        );

      const [first, second] = [await list(1), await list(2)];

      expect(first).toMatchObject({
        total: 4,
        groups: [
          { name: 'payment # waits for order #', count: 2 },
          { name: 'price: got #', count: 2 },
        ],
        rows: [
          { id: stamp(5).eventId, state: 'open' },
          { id: stamp(4).eventId, state: 'open' },
          { id: stamp(2).eventId, state: 'closed' },
        ],
      });
      expect(second.rows).toMatchObject([{ id: stamp(1).eventId, state: 'open' }]);
      expect(await list(1, { error: 'PRICE: got 5' })).toMatchObject({
        total: 1,
        rows: [{ id: stamp(5).eventId, originTopic: 'payments_data' }],
      });
      expect((await list(1, { topic: 'orders_data' })).total).toBe(0);
      expect(await list(1, { state: 'closed' })).toMatchObject({
        total: 1,
        rows: [{ id: stamp(2).eventId }],
      });
      expect(await lettersOf({ orderId: joined })).toMatchObject([{ id: stamp(2).eventId }]);
      expect(await lettersOf({ ids: [stamp(4).eventId] })).toMatchObject([{ error: 'price: got 4' }]);
    });

    it('discard an early payment once, whatever dies', async () => {
      const orderIds: bigint[] = [];

      const deaths = await untilItLives(store, async (of, round) => {
        if (orderIds[round] === undefined) {
          orderIds[round] = nextOrderId();
          await acceptAll(store, early(100 + round, orderIds[round]));
        }
        for (const row of await lettersOf({ orderId: orderIds[round], state: 'open' })) {
          await discard({ store: of, clock }, row, OPERATION);
        }
      });

      // The decision in the ledger, and the row of the history.
      expect(deaths).toBe(4);
      for (const orderId of orderIds) {
        expect(await lettersOf({ orderId, state: 'open' })).toEqual([]);
        const { ledger } = await store.findOrderRecord(orderId);
        expect(ledger.filter(({ kind }) => kind === 'decision')).toHaveLength(1);
      }
      await expectClean();
    });

    it('discard an invalid message, which is in no ledger, beside its own row', async () => {
      await store.recordDeadLetter(deadLetterOf(150, { reason: 'invalid', orderId: undefined }));
      const filter = { ids: [stamp(150).eventId] };
      const [row] = await lettersOf(filter);
      if (row === undefined) throw new Error('expected a dead letter');

      await discard({ store, clock }, row, OPERATION);

      expect(await lettersOf({ ...filter, state: 'open' })).toEqual([]);
      expect(await lettersOf({ ...filter, state: 'closed' })).toHaveLength(1);
      expect(await store.findActions(row)).toMatchObject([{ kind: 'discarded', because: 'it is a test' }]);
    });

    it('resolve a finding, which stays silent until it is another one', async () => {
      const orderId = nextOrderId();
      await acceptAll(store, ordered(200, orderId), early(201, orderId), early(202, orderId));
      const before = openFindings(await store.findOrderRecord(orderId));

      const wrong = await resolve({ store, clock }, { orderId, refs: ['a'] }, OPERATION);
      const refs = before.map(({ ref }) => ref);
      const resolved = await resolve({ store, clock }, { orderId, refs }, OPERATION);

      expect([wrong, resolved, before.map(({ reason }) => reason)]).toEqual([[], before, ['conflict']]);
      expect(openFindings(await store.findOrderRecord(orderId))).toEqual([]);
      expect(await lettersOf({ orderId, reasons: ['conflict'], state: 'open' })).toEqual([]);
      await acceptAll(store, early(203, orderId));
      expect(openFindings(await store.findOrderRecord(orderId))).toMatchObject([{ reason: 'conflict' }]);
      await expectClean();
    });

    it('heal an order that was recorded and never shown, and one of which nobody was told', async () => {
      const [unshown, untold] = [nextOrderId(), nextOrderId()];
      await recordOnly(store, ordered(300, unshown), early(301, unshown));
      await recordOnly(store, early(302, untold));

      expect(await heal({ store, clock }, unshown, OPERATION)).toMatchObject({
        problems: [`order ${unshown} and its payment 301 are both here but not joined`],
        told: [],
      });
      expect(await heal({ store, clock }, untold, OPERATION)).toMatchObject({
        problems: [],
        told: [{ reason: 'unmatched' }],
      });

      expect((await store.findOrderRecord(unshown)).fact?.payment.paymentId).toBe(301n);
      await expectClean();
      const nothing = { problems: [], told: [], erased: 0, isKnown: true };
      expect(await heal({ store, clock }, unshown, OPERATION)).toEqual(nothing);
      expect(await heal({ store, clock }, untold, OPERATION)).toEqual(nothing);
    });

    it('heal to the very cells that the missing message would have written', async () => {
      const orderId = nextOrderId();
      const entry = early(310, orderId);
      await recordOnly(store, entry);
      await heal({ store, clock }, orderId, OPERATION);

      await acceptAll(store, entry);

      expect(await lettersOf({ orderId })).toMatchObject([{ originMessageId: '17', payloadBytes: 2 }]);
    });

    it('erase an order and its dead letters, whatever dies', async () => {
      const orderIds: bigint[] = [];

      const deaths = await untilItLives(store, async (of, round) => {
        if (orderIds[round] === undefined) {
          const orderId = nextOrderId();
          orderIds[round] = orderId;
          const number = 1_000 + 10 * round;
          await acceptAll(
            store,
            early(number, orderId),
            early(number + 1, orderId),
            ordered(number + 2, orderId),
          );
        }
        await eraseOrder({ store: of, clock }, orderIds[round], OPERATION);
      });

      expect(deaths).toBeGreaterThan(8);
      for (const orderId of orderIds) {
        const { fact, ledger } = await store.findOrderRecord(orderId);
        expect(fact?.order).toMatchObject({ customerId: undefined, shippingAddress: undefined });
        expect(fact?.payment.cardLastFour).toBeUndefined();
        expect(
          ledger.filter(({ kind, erasedAtMs }) => kind !== 'decision' && erasedAtMs === undefined),
        ).toEqual([]);
        const letters = await lettersOf({ orderId });
        expect(letters).toHaveLength(3);
        expect(letters.every(({ payloadBytes }) => payloadBytes === 0)).toBe(true);
      }
      await expectClean();
    });

    it('name a dead letter that came after the erasure, and heal it', async () => {
      const orderId = nextOrderId();
      await acceptAll(store, ordered(400, orderId));
      await eraseOrder({ store, clock }, orderId, OPERATION);
      // A copy of the payment that was on its way: it was told before, and is recorded only now.
      await acceptAll(store, early(401, orderId));
      await store.recordDeadLetter(
        deadLetterOf(401, {
          orderId,
          reason: 'unmatched',
          paymentId: 401n,
          payload: paymentBytes(),
          payloadBytes: 99,
        }),
      );

      expect((await audit(store, { patienceMs: 0 })).violations).toMatchObject([
        {
          promise: 'I1',
          detail: expect.stringContaining(`order ${orderId} was erased, and its dead letter`),
        },
      ]);
      expect(await heal({ store, clock }, orderId, OPERATION)).toMatchObject({ erased: 1 });
      await expectClean();
    });

    it('erase and heal what one replica has and no quorum shows yet', async () => {
      const [erased, healed] = [nextOrderId(), nextOrderId()];
      const letterOf = (number: number, orderId: bigint) =>
        deadLetterOf(number, {
          orderId,
          paymentId: BigInt(number),
          payload: paymentBytes(),
          payloadBytes: 99,
        });
      const findingOf = (number: number, orderId: bigint) => ({
        ...letterOf(number, orderId),
        reason: 'rivals' as const,
        id: number.toString(16).padStart(32, '0'),
      });
      /** The store of a reader whose two replicas both miss the dead letters. */
      const unseeing: TestStore = { ...store, findDeadLetters: async () => [] };
      for (const [number, orderId] of [
        [410, erased],
        [420, healed],
      ] as const) {
        await acceptAll(store, early(number, orderId), ordered(number + 1, orderId));
        await store.recordDeadLetter(letterOf(number, orderId));
        await store.recordDeadLetter(findingOf(number + 1, orderId));
      }
      await store.recordEntry(decisionEntry(422, { orderId: healed }));

      await eraseOrder({ store: unseeing, clock }, erased, OPERATION);
      await heal({ store: unseeing, clock }, healed, OPERATION);

      for (const orderId of [erased, healed]) {
        const letters = await lettersOf({ orderId });
        const left = Object.fromEntries(letters.map(({ reason, payloadBytes }) => [reason, payloadBytes]));
        expect(left).toEqual({ rivals: 0, unmatched: 0 });
      }
      await expectClean();
    });

    it('find all that names a customer: versions, rows and invalid bodies', async () => {
      const [own, earlier, others] = [nextOrderId(), nextOrderId(), nextOrderId()];
      const CUSTOMER = 77n;
      await acceptAll(
        store,
        orderEntry(500, { orderId: own, customerId: CUSTOMER }),
        orderEntry(501, { orderId: earlier, customerId: CUSTOMER }),
        orderEntry(502, { orderId: earlier, customerId: 78n }),
        orderEntry(503, { orderId: others, customerId: 777n }),
      );
      const bodies = ['{"customer_id": 77, "price": "x"}', '{"customer_id":"77"}', '{"customer_id":777}'];
      for (const [index, body] of bodies.entries()) {
        await store.recordDeadLetter(
          deadLetterOf(510 + index, {
            reason: 'invalid',
            orderId: undefined,
            payload: Buffer.from(body),
            payloadBytes: body.length,
          }),
        );
      }

      const found = await findCustomer(store, CUSTOMER);

      expect(found.orderIds).toEqual(new Set([own, earlier]));
      expect(found.deadLetters.map(({ id }) => id).toSorted()).toEqual([
        stamp(510).eventId,
        stamp(511).eventId,
      ]);
      for (const orderId of found.orderIds) await eraseOrder({ store, clock }, orderId, OPERATION);
      for (const row of found.deadLetters)
        await eraseDeadLetter(store, row, { erasedAtMs: NOW_MS, operation: OPERATION });
      expect(await findCustomer(store, CUSTOMER)).toEqual({
        orderIds: new Set(),
        deadLetters: [],
        unclear: [],
      });
      await expectClean();
    });

    it('list the payments that wait for longer than a time, without discarded ones', async () => {
      const [old, young] = [nextOrderId(), nextOrderId()];
      await acceptAll(store, early(600, old), early(700, young));
      const parked = await Array.fromAsync(findParked(store, { beforeMs: stamp(650).publishedAtMs }));

      expect(parked).toContainEqual({ orderId: old, paymentId: 600n, sinceMs: stamp(600).publishedAtMs });
      expect(parked.map(({ orderId }) => orderId)).not.toContain(young);
      const [row] = await lettersOf({ orderId: old });
      if (row !== undefined) await discard({ store, clock }, row, OPERATION);
      const left = await Array.fromAsync(findParked(store, { beforeMs: NOW_MS }));
      expect(left.map(({ orderId }) => orderId)).not.toContain(old);
    });

    it('publish an edited body as a new event, masked, and keep the original', async () => {
      const published: unknown[] = [];
      const publisher = {
        publish: async (...args: unknown[]) => {
          published.push(args);
          return '42';
        },
      };
      await store.recordDeadLetter(deadLetterOf(800, { reason: 'invalid', orderId: undefined }));
      const [row] = await lettersOf({ ids: [stamp(800).eventId] });
      if (row === undefined) throw new Error('expected a dead letter');
      const deps = { store, publisher, clock };

      await expect(editDeadLetter(deps, row, Buffer.from('{}'), OPERATION)).rejects.toThrow(
        /^the edited body is not valid: payment_id: /,
      );
      const body = JSON.parse(paymentBytes().toString());
      const withCard = Buffer.from(JSON.stringify({ ...body, note: '4111 1111 1111 1111' }));
      await editDeadLetter(deps, row, withCard, OPERATION);

      const at = new Date(row.publishedAtMs + 1).toISOString();
      const attributes = { tally_edited_from: row.id, tally_origin_publish_time: at };
      expect(published).toMatchObject([['payments_data', { attributes }]]);
      expect(JSON.stringify(published.map(String))).not.toContain('4111 1111');
      expect(await lettersOf({ ids: [row.id], state: 'closed' })).toEqual([row]);
      expect(await store.findActions(row)).toMatchObject([{ kind: 'edited', detail: '42' }]);
    });

    it('keep a history of what was asked for and what came of it, without card numbers', async () => {
      const request = {
        action: 'dlq discard',
        operator: 'ann',
        filter: 'error with "4111 1111 1111 1111"',
        because: 'card 4111-1111-1111-1111',
      };
      await runOperation({ store, clock }, request, async () => ({ summary: '3 discarded' }));
      await expect(
        runOperation({ store, clock }, request, () => Promise.reject(new Error('no answer'))),
      ).rejects.toThrow('no answer');

      const day = await store.findOperations(new Date(NOW_MS).toISOString().slice(0, 10));
      expect(new Set(day.map(({ result }) => result))).toEqual(new Set(['3 discarded', 'failed: no answer']));
      expect(day).toMatchObject([{ operator: 'ann', startedAtMs: NOW_MS }, { action: 'dlq discard' }]);
      expect(JSON.stringify(day)).not.toContain('1111 1111');
      expect(JSON.stringify(day)).not.toContain('1111-1111');
    });
  });
};

describeOperations('the in-memory store', async () => createMemoryStore());

describe.skipIf(!hasCassandra)('with a real Cassandra', () => {
  describeOperations('Cassandra', async () => {
    const { client } = await createTestKeyspace();
    return { ...createCassandraStore(client), ...createCassandraOperationsStore(client) };
  });
});
