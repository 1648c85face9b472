import { describe, expect, it, onTestFinished } from 'vitest';
import { TransientError } from '../../shared/errors.ts';
import { createCassandraClient } from '../../shared/store/cassandraClient.ts';
import { createCassandraStore } from '../../shared/store/cassandraStore.ts';
import { migrate } from '../../shared/store/migrate.ts';
import type { Store } from '../../shared/store/store.ts';
import { hasCassandra, testCassandraConfig } from '../support/cassandra/testKeyspace.ts';
import { startSheddingProxy } from '../support/wire/sheddingProxy.ts';
import { until } from '../../proof/until.ts';
import { order, payment, PUBLISHED_AT_MS } from '../../proof/referenceMessages.ts';

const ORDERS = Array.from({ length: 24 }, (_, index) => BigInt(index + 1));
const ROUNDS = 5;

const stampOf = (orderId: bigint) => ({
  eventId: orderId.toString(16).padStart(32, '0'),
  publishedAtMs: PUBLISHED_AT_MS,
});
/** Every order exists. Only an order with an even id has a payment. */
const fill = async (store: Store): Promise<void> => {
  for (const orderId of ORDERS) {
    await store.recordOrder(order({ orderId }), stampOf(orderId));
    if (orderId % 2n === 0n) {
      await store.parkPayment(payment({ orderId, paymentId: orderId }), stampOf(orderId));
    }
  }
};
/** Asks again after a TransientError, as Pub/Sub would. Any other outcome is the answer. */
const asked = <T>(ask: () => Promise<T>): Promise<T> =>
  until('an answer', async () => {
    try {
      return [await ask()];
    } catch (error) {
      if (error instanceof TransientError) return undefined;
      throw error;
    }
  }).then(([answer]) => answer as T);

/**
 * All that the store says about an order, with every kind of answer: without a result, with rows, with no
 * rows.
 */
const look = async (store: Store, orderId: bigint) => {
  const [, fact, ledger] = await Promise.all([
    asked(() => store.recordOrder(order({ orderId }), stampOf(orderId))),
    asked(() => store.findFact(orderId)),
    asked(() => store.findPayments(orderId)),
  ]);
  return [orderId, fact.orderExists, ledger.map((entry) => entry.payment.orderId)];
};

describe.skipIf(!hasCassandra)(
  'a Cassandra that gives up on requests which waited too long in its queue',
  () => {
    it(
      'does not answer them on a connection in use, where other requests would get the answers',
      {
        timeout: 90_000,
      },
      async () => {
        const config = testCassandraConfig();
        await migrate(config);
        const [host = '127.0.0.1'] = config.contactPoints;
        const proxy = await startSheddingProxy({ host, port: config.port });
        const store = createCassandraStore(
          createCassandraClient({ ...config, contactPoints: ['127.0.0.1'], port: proxy.port }),
        );
        onTestFinished(async () => {
          await store.close();
          proxy.stop();
        });
        await fill(store);

        proxy.hold();
        const waiting = await Promise.allSettled([1n, 2n, 3n, 4n].map((orderId) => store.findFact(orderId)));
        expect(proxy.held()).toBeGreaterThan(0);
        proxy.shed();
        const answers: unknown[][] = [];
        for (let round = 0; round < ROUNDS; round += 1) {
          answers.push(await Promise.all(ORDERS.map((orderId) => look(store, orderId))));
        }

        expect(waiting.map((result) => result.status === 'rejected' && result.reason)).toEqual(
          waiting.map(() => expect.any(TransientError)),
        );
        const right = ORDERS.map((orderId) => [orderId, true, orderId % 2n === 0n ? [orderId] : []]);
        expect(answers).toEqual(Array.from({ length: ROUNDS }, () => right));
      },
    );
  },
);
