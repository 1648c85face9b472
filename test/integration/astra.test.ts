import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CassandraConfig, loadConfig } from '../../shared/config.ts';
import { createCassandraClient } from '../../shared/store/driver/cassandraClient.ts';
import { createCassandraStore } from '../../shared/store/cassandraStore.ts';
import { migrate } from '../../shared/store/migrate.ts';
import { MIGRATIONS } from '../../shared/store/schema.ts';
import { hasCassandra, testCassandraConfig } from '../support/cassandra/testKeyspace.ts';
import { type FakeAstra, startFakeAstra } from '../support/cassandra/fakeAstra.ts';
import { orderEntry } from '../support/messages/entries.ts';
import { hasProgram } from '../support/hasProgram.ts';

const hasOpenssl = await hasProgram('openssl', 'version');
if (!hasOpenssl) {
  const skipped = 'SKIPPED: Astra’s bundle, which needs openssl to make a certificate';
  if (process.env.CI === 'true') throw new Error(`${skipped}. In CI that is a failure.`);
  console.warn(skipped);
}

describe.skipIf(!hasCassandra || !hasOpenssl)('a cluster behind Astra’s bundle', () => {
  let folder = '';
  let astra: FakeAstra;
  let config: CassandraConfig;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tally-astra-'));
    const direct = testCassandraConfig();
    const client = createCassandraClient(direct, null);
    const connection = await client.connect();
    const row = (await connection.execute('SELECT host_id, data_center FROM system.local')).first();
    // With Astra, the console creates the keyspace.
    await connection.execute(
      `CREATE KEYSPACE ${direct.keyspace} WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}`,
    );
    await client.close();
    astra = await startFakeAstra({
      folder,
      cassandraPort: direct.port,
      hostId: String(row?.get('host_id')),
      dataCenter: String(row?.get('data_center')),
    });
    const { store } = loadConfig({
      CASSANDRA_SECURE_CONNECT_BUNDLE: astra.bundle,
      CASSANDRA_USERNAME: 'token',
      CASSANDRA_PASSWORD: 'SECRET',
      CASSANDRA_KEYSPACE: direct.keyspace,
    });
    if (store.kind !== 'cassandra') throw new Error('expected Cassandra');
    config = store;
  });
  afterAll(async () => {
    await astra?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('gets its tables in a keyspace that exists already', async () => {
    const report = await migrate(config);

    expect(report.applied).toEqual(MIGRATIONS);
  });

  it('gets none in a keyspace that does not exist, because Astra’s CQL makes no keyspaces', async () => {
    const migrating = migrate({ ...config, keyspace: 'nobody_made_this' });

    await expect(migrating).rejects.toThrow(
      'there is no keyspace nobody_made_this: create it in Astra’s console',
    );
  });

  it('is found, written and read with nothing but the bundle, over mutual TLS, on every node', async () => {
    const store = createCassandraStore(createCassandraClient(config));

    const entry = orderEntry(1, { orderId: 5n });
    await store.recordEntry(entry);
    const read = await store.findEntries(5n, true);
    await store.close();

    expect(read).toEqual({ entries: [entry], isWhole: true });
    expect(astra.askedFor.length).toBeGreaterThan(0);
    expect(new Set(astra.askedFor).size).toBe(1);
    expect(astra.askedFor[0]).toMatch(/^[0-9a-f-]{36}$/);
  });
});
