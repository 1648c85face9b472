import { describe, expect, it, onTestFinished } from 'vitest';
import { TransientError } from '../../shared/errors.ts';
import { createCassandraClient } from '../../shared/store/driver/cassandraClient.ts';
import { createCassandraStore } from '../../shared/store/cassandraStore.ts';
import { migrate } from '../../shared/store/migrate.ts';
import type { Store } from '../../shared/store/store.ts';
import { hasCassandra, testCassandraConfig } from '../support/cassandra/testKeyspace.ts';
import { startSheddingProxy } from '../support/wire/sheddingProxy.ts';
import { until } from '../../proof/until.ts';
import { orderEntry, paymentEntry } from '../support/messages/entries.ts';

const ORDERS = Array.from({ length: 24 }, (_, index) => BigInt(index + 1));
const ROUNDS = 5;

/** Every order is here. Only an order with an even id has a payment. */
const fill = async (store: Store): Promise<void> => {
  for (const orderId of ORDERS) {
    await store.recordEntry(orderEntry(1, { orderId }));
    if (orderId % 2n === 0n) await store.recordEntry(paymentEntry(2, { orderId, paymentId: orderId }));
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

/** What the store says about an order, with both kinds of answer: without a result, and with rows. */
const look = async (store: Store, orderId: bigint) => {
  const [, { entries }] = await Promise.all([
    asked(() => store.recordEntry(orderEntry(1, { orderId }))),
    asked(() => store.findEntries(orderId, true)),
  ]);
  return entries.map((entry) => [entry.kind, entry.orderId]);
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
        const waiting = await Promise.allSettled(
          [1n, 2n, 3n, 4n].map((orderId) => store.findEntries(orderId, true)),
        );
        expect(proxy.held()).toBeGreaterThan(0);
        proxy.shed();
        const answers: unknown[][] = [];
        for (let round = 0; round < ROUNDS; round += 1) {
          answers.push(await Promise.all(ORDERS.map((orderId) => look(store, orderId))));
        }

        expect(waiting.map((result) => result.status === 'rejected' && result.reason)).toEqual(
          waiting.map(() => expect.any(TransientError)),
        );
        const right = ORDERS.map((orderId) => [
          ...(orderId % 2n === 0n ? [['payment', orderId]] : []),
          ['order', orderId],
        ]);
        expect(answers).toEqual(Array.from({ length: ROUNDS }, () => right));
      },
    );
  },
);
