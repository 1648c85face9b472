import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { types } from 'cassandra-driver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CassandraConfig } from '../../shared/config.ts';
import { type CassandraClient, createCassandraClient } from '../../shared/store/driver/cassandraClient.ts';
import { migrate } from '../../shared/store/migrate.ts';
import { MIGRATIONS } from '../../shared/store/schema.ts';
import { SchemaError } from '../../shared/store/migration/schemaError.ts';
import { hasCassandra, testCassandraConfig } from '../support/cassandra/testKeyspace.ts';

const CQL_FOLDER = join(import.meta.dirname, '../../shared/store/cql');
const FILES = [...MIGRATIONS];

/** The columns and types of the reference's table. It has no other column. */
const FACT_COLUMNS = {
  order_id: 'bigint',
  customer_id: 'bigint',
  item: 'text',
  quantity: 'bigint',
  price: 'double',
  shipping_address: 'text',
  order_status: 'text',
  creation_date: 'text',
  payment_id: 'bigint',
  payment_method: 'text',
  card_last_four: 'text',
  payment_status: 'text',
  payment_datetime: 'text',
};

describe.skipIf(!hasCassandra)('a migration', () => {
  let client: CassandraClient;
  /** A keyspace that has all tables. */
  let migrated: CassandraConfig;
  const folders: string[] = [];
  beforeAll(async () => {
    client = createCassandraClient(testCassandraConfig(), null);
    migrated = testCassandraConfig();
    await migrate(migrated);
  });
  afterAll(async () => {
    await client.close();
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  });

  const select = async (query: string, params: readonly unknown[]): Promise<types.Row[]> =>
    (await (await client.connect()).execute(query, [...params])).rows;

  const columnsOf = async (
    { keyspace }: CassandraConfig,
    table: string,
  ): Promise<Readonly<Record<string, string>>> => {
    const rows = await select(
      'SELECT column_name, type FROM system_schema.columns WHERE keyspace_name = ? AND table_name = ?',
      [keyspace, table],
    );
    return Object.fromEntries(rows.map((row) => [row.get('column_name'), row.get('type')]));
  };

  const tablesOf = async ({ keyspace }: CassandraConfig): Promise<string[]> => {
    const rows = await select('SELECT table_name FROM system_schema.tables WHERE keyspace_name = ?', [
      keyspace,
    ]);
    return rows.map((row) => row.get('table_name'));
  };

  const replicationOf = async ({ keyspace }: CassandraConfig): Promise<unknown> => {
    const rows = await select('SELECT replication FROM system_schema.keyspaces WHERE keyspace_name = ?', [
      keyspace,
    ]);
    return rows[0]?.get('replication');
  };

  const migrationsOf = ({ keyspace }: CassandraConfig): Promise<types.Row[]> =>
    select(`SELECT name, checksum, applied_at FROM ${keyspace}.schema_migrations`, []);

  /** A copy of `cql/` that a test may edit. */
  const copyOfCql = async (files: Readonly<Record<string, string>> = {}): Promise<string> => {
    const folder = await mkdtemp(join(tmpdir(), 'tally-cql-'));
    folders.push(folder);
    await cp(CQL_FOLDER, folder, { recursive: true });
    for (const [name, cql] of Object.entries(files)) await writeFile(join(folder, name), cql);
    return folder;
  };

  it('creates the configured keyspace and applies every file of cql/, in order', async () => {
    const config = testCassandraConfig();

    const report = await migrate(config);

    expect((await readdir(CQL_FOLDER)).filter((name) => name.endsWith('.cql'))).toEqual(FILES);
    expect(report).toEqual({ keyspace: config.keyspace, applied: FILES, unchanged: [] });
    // Each file makes the table that it is named after.
    const tables = [...FILES.map((name) => name.slice('0001_'.length, -'.cql'.length)), 'schema_migrations'];
    expect(await tablesOf(config)).toEqual(tables.toSorted());
  });

  it('gives the facts exactly the reference’s 13 columns, with the order id as the whole key', async () => {
    expect(await columnsOf(migrated, 'orders_payments_facts')).toEqual(FACT_COLUMNS);
    const keys = await select(
      'SELECT column_name, kind FROM system_schema.columns WHERE keyspace_name = ? AND table_name = ?',
      [migrated.keyspace, 'orders_payments_facts'],
    );
    const keyColumns = keys.filter((row) => row.get('kind') !== 'regular');
    expect(keyColumns.map((row) => [row.get('column_name'), row.get('kind')])).toEqual([
      ['order_id', 'partition_key'],
    ]);
  });

  it('changes nothing when it runs again', async () => {
    const before = await migrationsOf(migrated);

    const report = await migrate(migrated);

    expect(report).toEqual({ keyspace: migrated.keyspace, applied: [], unchanged: FILES });
    expect(await migrationsOf(migrated)).toEqual(before);
  });

  it('ends in the same tables when four run at once', async () => {
    const config = testCassandraConfig();

    const reports = await Promise.all(Array.from({ length: 4 }, () => migrate(config)));

    for (const { applied, unchanged } of reports) {
      expect([...applied, ...unchanged].toSorted()).toEqual(FILES);
    }
    expect(await columnsOf(config, 'orders_payments_facts')).toEqual(FACT_COLUMNS);
    const recorded: string[] = (await migrationsOf(config)).map((row) => row.get('name'));
    expect(recorded.toSorted()).toEqual(FILES);
    expect((await migrate(config)).unchanged).toEqual(FILES);
  });

  it('refuses a file that was edited after it was applied, and applies no later file', async () => {
    const first = await readFile(join(CQL_FOLDER, FILES[0] ?? ''), 'utf8');
    const folder = await copyOfCql({
      [FILES[0] ?? '']: `${first}\n-- one more remark\n`,
      '9999_late.cql': 'CREATE TABLE IF NOT EXISTS late (id INT PRIMARY KEY);',
    });

    const refused = migrate(migrated, folder);

    await expect(refused).rejects.toThrow(SchemaError);
    await expect(refused).rejects.toThrow(`cql/${FILES[0]} was edited`);
    expect(await tablesOf(migrated)).not.toContain('late');
    expect((await migrate(migrated)).unchanged).toEqual(FILES);
  });

  it('applies all statements of a new file to the existing tables', async () => {
    const folder = await copyOfCql({
      '9999_refunds_v2.cql': [
        '-- Serves: a test; with a semicolon in a remark',
        "CREATE TABLE IF NOT EXISTS refunds (id INT PRIMARY KEY) WITH comment = 'a; b -- c'; -- and; one behind",
        'ALTER TABLE ledger_by_order ADD IF NOT EXISTS note TEXT;',
      ].join('\n'),
    });

    const report = await migrate(migrated, folder);

    expect(report).toMatchObject({ applied: ['9999_refunds_v2.cql'], unchanged: FILES });
    expect(await tablesOf(migrated)).toContain('refunds');
    expect(await columnsOf(migrated, 'ledger_by_order')).toMatchObject({ note: 'text' });
    const [refunds] = await select(
      'SELECT comment FROM system_schema.tables WHERE keyspace_name = ? AND table_name = ?',
      [migrated.keyspace, 'refunds'],
    );
    expect(refunds?.get('comment')).toBe('a; b -- c');
    expect((await migrate(migrated, folder)).applied).toEqual([]);
  });

  it('starts again with the file that failed, which is not recorded as applied', async () => {
    const broken = await copyOfCql({
      '9999_two.cql':
        'CREATE TABLE IF NOT EXISTS two (id INT PRIMARY KEY); ALTER TABLE two WITH nonsense = 1;',
    });
    await expect(migrate(migrated, broken)).rejects.toThrow('nonsense');
    const fixed = await copyOfCql({
      '9999_two.cql': 'CREATE TABLE IF NOT EXISTS two (id INT PRIMARY KEY);',
    });

    const report = await migrate(migrated, fixed);

    expect(report).toMatchObject({ applied: ['9999_two.cql'], unchanged: FILES });
  });

  it.for(['4_short.cql', '0004-dashes.cql', '0004_Capitals.cql', 'extra.cql'])(
    'refuses a file whose name has no place in the order: %s',
    async (name) => {
      const config = testCassandraConfig();
      const folder = await copyOfCql({ [name]: 'CREATE TABLE IF NOT EXISTS t (id INT PRIMARY KEY);' });

      await expect(migrate(config, folder)).rejects.toThrow(`cql/${name}: expected a name such as`);

      expect(await tablesOf(config)).toEqual([]);
    },
  );

  it.for<[NonNullable<CassandraConfig['replication']>, Readonly<Record<string, string>>]>([
    [
      { strategy: 'SimpleStrategy', factor: 1 },
      { class: 'org.apache.cassandra.locator.SimpleStrategy', replication_factor: '1' },
    ],
    [
      { strategy: 'NetworkTopologyStrategy', factors: { datacenter1: 1 } },
      { class: 'org.apache.cassandra.locator.NetworkTopologyStrategy', datacenter1: '1' },
    ],
  ])('creates the keyspace with the replication that is configured: %j', async ([replication, stored]) => {
    const config = testCassandraConfig();
    const folder = await mkdtemp(join(tmpdir(), 'tally-cql-'));
    folders.push(folder);

    await migrate({ ...config, replication }, folder);

    expect(await replicationOf(config)).toEqual(stored);
    await expect(migrate({ ...config, replication }, folder)).resolves.toBeDefined();
  });

  it('refuses a table of another shape, by its column and both types, and changes nothing', async () => {
    const config = testCassandraConfig();
    const connection = await client.connect();
    await connection.execute(
      `CREATE KEYSPACE ${config.keyspace} WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}`,
    );
    await connection.execute(
      `CREATE TABLE ${config.keyspace}.orders_payments_facts (order_id bigint PRIMARY KEY, quantity int)`,
    );

    await expect(migrate(config)).rejects.toThrow(/orders_payments_facts.*quantity.*int/s);

    expect(await tablesOf(config)).toEqual(['orders_payments_facts']);
  });
});
