import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startMavenCassandra } from '../../local/cassandra/startMavenCassandra.ts';
import { findFreePort } from '../../local/ports.ts';
import { audit } from '../../shared/audit/audit.ts';
import { loadConfig } from '../../shared/config.ts';
import { createCassandraAuditSource } from '../../shared/store/cassandraAuditSource.ts';
import { createCassandraClient } from '../../shared/store/driver/cassandraClient.ts';
import { createCassandraStore } from '../../shared/store/cassandraStore.ts';
import { migrate } from '../../shared/store/migrate.ts';
import { canStartCassandra, STATE_FOLDER } from '../support/cassandra/testKeyspace.ts';
import { orderBody, paymentBody } from '../support/messages/bodies.ts';
import { startPipeline } from '../support/functions/pipeline.ts';
import { until } from '../../proof/until.ts';

const ORDERS = 60;

describe.skipIf(!canStartCassandra)('a Cassandra that is killed while traffic runs', () => {
  it(
    'loses no acked message, and stores every message once it is back',
    {
      timeout: 180_000,
    },
    async () => {
      const dataFolder = await mkdtemp(join(tmpdir(), 'tally-outage-'));
      const port = await findFreePort();
      const options = {
        kind: 'maven',
        port,
        downloadFolder: STATE_FOLDER,
        logFolder: dataFolder,
        dataFolder,
        env: process.env,
      } as const;
      const start = () => startMavenCassandra({ ...options, progress: () => {} }, 'the test');
      let cassandra = await start();
      const { store: config } = loadConfig(cassandra.env);
      if (config.kind !== 'cassandra') throw new Error('expected Cassandra');
      await migrate(config);
      const client = createCassandraClient(config);
      const store = createCassandraStore(client);
      const pipeline = await startPipeline({ store });
      onTestFinished(async () => {
        await pipeline.stop();
        await store.close();
        await cassandra.stop();
        await rm(dataFolder, { recursive: true });
      });
      const publish = async (from: number, to: number): Promise<void> => {
        for (let orderId = from; orderId <= to; orderId += 1) {
          await pipeline.publish('payments_data', paymentBody(orderId));
          await pipeline.publish('orders_data', orderBody(orderId));
        }
      };
      const retries = () => pipeline.outcomes().filter(({ settlement }) => settlement === 'retry').length;

      await publish(1, ORDERS / 3);
      await cassandra.kill();
      await publish(ORDERS / 3 + 1, (2 * ORDERS) / 3);
      await until('messages that were given back', () => retries() > 10);
      cassandra = await start();
      await publish((2 * ORDERS) / 3 + 1, ORDERS);
      await pipeline.untilSettled(2 * ORDERS, 120_000);

      const report = await audit(createCassandraAuditSource(client));
      expect(report).toMatchObject({
        orders: ORDERS,
        paid: ORDERS,
        payments: ORDERS,
        parked: 0,
        violations: [],
      });
      // The outage dead-lettered no message: all dead letters are early payments, which onPayment published
      // itself.
      const { unmatched: _, ...others } = report.deadLetters;
      expect(Object.values(others)).toEqual([0, 0, 0, 0, 0]);
      expect(pipeline.log()).not.toContain('forwarded by Pub/Sub');
      const failures = pipeline.outcomes().filter(({ settlement }) => settlement === 'retry');
      expect(failures.filter(({ reason }) => reason === 'bug')).toEqual([]);
    },
  );
});
