import { describe, expect, it, onTestFinished } from 'vitest';
import { createRandom } from '../../functions/simulate/random.ts';
import { audit } from '../../shared/audit/audit.ts';
import { createCassandraAuditSource } from '../../shared/store/cassandraAuditSource.ts';
import { createCassandraClient } from '../../shared/store/driver/cassandraClient.ts';
import { createCassandraStore } from '../../shared/store/cassandraStore.ts';
import { createTestKeyspace, hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { OPCODE } from '../support/wire/cqlFrame.ts';
import { startCqlProxy } from '../support/wire/cqlProxy.ts';
import { orderBody, paymentBody } from '../support/messages/bodies.ts';
import { startPipeline } from '../support/functions/pipeline.ts';
import {
  CONNECTION_STRIKES,
  failAfter,
  failBefore,
  forgetStatement,
  type Strike,
} from '../support/wire/wireFaults.ts';

const ORDERS = 20;
/**
 * The share of statements with a fault. Every message has two statements or more. A larger share would not
 * test more: after several nacks Pub/Sub pauses for up to a minute, and the test would only wait.
 */
const STRUCK_SHARE = 0.08;
const FAULTS_MAX = 25;

const STRIKES: readonly [Strike, ...Strike[]] = [
  forgetStatement,
  failBefore('overloaded'),
  failAfter('writeTimeout'),
  failAfter('serverError'),
  failBefore('unavailable'),
  failAfter('readFailure'),
  CONNECTION_STRIKES['is reset after the statement took effect'],
  CONNECTION_STRIKES['is closed in the middle of the answer'],
];

describe.skipIf(!hasCassandra)('traffic in which one statement of twelve gets a fault', () => {
  it.for([1, 2])(
    'ends with every payment joined and nothing lost, with seed %i',
    { timeout: 180_000 },
    async (seed) => {
      const random = createRandom(seed, 'plan');
      const { config, client } = await createTestKeyspace();
      const proxy = await startCqlProxy(config.port);
      const store = createCassandraStore(createCassandraClient({ ...config, port: proxy.port }));
      const pipeline = await startPipeline({ store });
      onTestFinished(async () => {
        await pipeline.stop();
        await store.close();
        await client.close();
        await proxy.stop();
      });
      const laid = proxy.lay({
        times: FAULTS_MAX,
        hits: ({ opcode }) =>
          (opcode === OPCODE.execute || opcode === OPCODE.batch) && random.chance(STRUCK_SHARE),
        strike: (exchange) => random.pick(STRIKES)(exchange),
      });

      for (let orderId = 1; orderId <= ORDERS; orderId += 1) {
        const isEarly = random.chance(0.5);
        if (isEarly) await pipeline.publish('payments_data', paymentBody(orderId));
        await pipeline.publish('orders_data', orderBody(orderId));
        if (!isEarly) await pipeline.publish('payments_data', paymentBody(orderId));
      }
      await pipeline.untilSettled(2 * ORDERS, 120_000);

      expect(laid.struck()).toBeGreaterThan(0);
      expect(await audit(createCassandraAuditSource(client))).toMatchObject({
        orders: ORDERS,
        paid: ORDERS,
        payments: ORDERS,
        parked: 0,
        violations: [],
      });
      const retries = pipeline.outcomes().filter(({ settlement }) => settlement === 'retry');
      expect(retries.length).toBeGreaterThan(0);
      expect(retries.filter(({ reason }) => reason === 'bug')).toEqual([]);
    },
  );
});
