import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { inject } from 'vitest';
import { hasCassandraJars } from '../../../local/cassandra/downloadJars.ts';
import { type CassandraConfig, loadConfig } from '../../../shared/config.ts';
import { type CassandraClient, createCassandraClient } from '../../../shared/store/driver/cassandraClient.ts';
import { orderCells, paymentCells } from '../../../shared/store/columns.ts';
import { migrate } from '../../../shared/store/migrate.ts';
import { order, payment } from '../messages/domain.ts';

/** Whether this run has a real Cassandra; `globalSetup` says so when it has none. */
export const hasCassandra = inject('cassandraEnv') !== undefined;

/** The configuration of the run's Cassandra, with a keyspace that nobody else uses. */
export const testCassandraConfig = (): CassandraConfig => {
  const keyspace = `test_${randomBytes(6).toString('hex')}`;
  const { store } = loadConfig({ ...inject('cassandraEnv'), CASSANDRA_KEYSPACE: keyspace });
  if (store.kind !== 'cassandra') throw new Error('the test run has no Cassandra');
  return store;
};

/** A new keyspace with the tables in it. */
export const createTestKeyspace = async (): Promise<{ config: CassandraConfig; client: CassandraClient }> => {
  const config = testCassandraConfig();
  await migrate(config);
  return { config, client: createCassandraClient(config) };
};

const COLUMNS = [...Object.keys(orderCells(order())), ...Object.keys(paymentCells(payment()))];

/** `WRITETIME` of every column of a fact that is not null. */
export const factWriteTimes = async (
  client: CassandraClient,
  orderId: bigint,
): Promise<Readonly<Record<string, bigint>>> => {
  const connection = await client.connect();
  const selected = COLUMNS.map((column) => `WRITETIME(${column}) AS ${column}`).join(', ');
  const result = await connection.execute(
    `SELECT ${selected} FROM orders_payments_facts WHERE order_id = ?`,
    [orderId],
  );
  const row = result.first();
  const times = COLUMNS.map((column): [string, bigint | null] => [column, row?.get(column)]);
  return Object.fromEntries(times.filter((time): time is [string, bigint] => typeof time[1] === 'bigint'));
};

/** The folder of the downloads, which stay between runs. */
export const STATE_FOLDER = join(import.meta.dirname, '../../../.tally');

/** Whether this machine can start one more Cassandra. A test that kills a Cassandra needs it. */
export const canStartCassandra = hasCassandra && hasCassandraJars(STATE_FOLDER);

if (hasCassandra && !canStartCassandra) {
  console.warn('SKIPPED: the tests that kill a Cassandra, because its jars from Maven are not here');
}
