import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CassandraConfig } from '../../shared/config.ts';
import { type CassandraClient, createCassandraClient } from '../../shared/store/driver/cassandraClient.ts';
import { migrate } from '../../shared/store/migrate.ts';
import { MIGRATIONS } from '../../shared/store/schema.ts';
import { SchemaError } from '../../shared/store/migration/schemaError.ts';
import { hasCassandra, testCassandraConfig } from '../support/cassandra/testKeyspace.ts';

const CQL_FOLDER = join(import.meta.dirname, '../../shared/store/cql');
const FILES = [...MIGRATIONS];

describe.skipIf(!hasCassandra)('a keyspace that is refused, before anything is changed,', () => {
  let client: CassandraClient;
  beforeAll(() => {
    client = createCassandraClient(testCassandraConfig(), null);
  });
  afterAll(() => client.close());

  const run = async (cql: string) => (await client.connect()).execute(cql, [], { prepare: false });

  const keyspaceWith = async (...statements: readonly string[]): Promise<CassandraConfig> => {
    const config = testCassandraConfig();
    await run(
      `CREATE KEYSPACE ${config.keyspace} WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}`,
    );
    for (const statement of statements) await run(statement.replace(' TABLE ', ` TABLE ${config.keyspace}.`));
    return config;
  };

  const columnCount = async ({ keyspace }: CassandraConfig): Promise<number> =>
    (await run(`SELECT column_name FROM system_schema.columns WHERE keyspace_name = '${keyspace}'`))
      .rowLength;

  /** The file's own statement, with a change. */
  const cqlOf = async (file: string, change: (cql: string) => string): Promise<string> => {
    const cql = await readFile(join(CQL_FOLDER, file), 'utf8');
    const statement = cql.replaceAll(/--.*/g, '').trim().replace(/;$/, '').replace('IF NOT EXISTS ', '');
    const changed = change(statement);
    expect(changed).not.toBe(statement);
    return changed;
  };

  it.for<[string, string, string, string, string]>([
    [
      'a type',
      '0001_orders_payments_facts.cql',
      'quantity BIGINT',
      'quantity INT',
      'orders_payments_facts.quantity: expected bigint, regular; found int, regular',
    ],
    [
      'a column that is not there',
      '0001_orders_payments_facts.cql',
      'price DOUBLE,',
      '',
      'orders_payments_facts.price: expected double, regular; found no such column',
    ],
    [
      'a partition key',
      '0003_dead_letters.cql',
      '((day, shard), event_id, reason)',
      '((day), shard, event_id, reason)',
      'dead_letters.shard: expected int, partition key 2; found int, clustering key 1, ascending',
    ],
    [
      'a key of one column more',
      '0004_audit_cursor.cql',
      'name TEXT PRIMARY KEY,',
      'name TEXT, part INT, PRIMARY KEY (name, part),',
      'audit_cursor.part: expected no such column in the key; found int, clustering key 1, ascending',
    ],
    [
      'the order of a clustering key',
      '0002_ledger_by_order.cql',
      'at DESC',
      'at ASC',
      'ledger_by_order.at: expected timestamp, clustering key 2, descending; found timestamp, clustering key 2, ascending',
    ],
    [
      'the read repair of the ledger',
      '0002_ledger_by_order.cql',
      "'BLOCKING'",
      "'NONE'",
      'ledger_by_order: expected read_repair = BLOCKING; found NONE',
    ],
    [
      'a time to live',
      '0002_ledger_by_order.cql',
      "'BLOCKING'",
      "'BLOCKING' AND default_time_to_live = 60",
      'ledger_by_order: expected default_time_to_live = 0; found 60',
    ],
  ])('for %s', async ([_what, file, wanted, found, says]) => {
    const config = await keyspaceWith(await cqlOf(file, (cql) => cql.replace(wanted, found)));
    const before = await columnCount(config);

    const refused = migrate(config);

    await expect(refused).rejects.toThrow(SchemaError);
    await expect(refused).rejects.toThrow(`\n  - ${says}`);
    expect(await columnCount(config)).toBe(before);
  });

  it('names every fault of every table at once', async () => {
    const config = await keyspaceWith(
      'CREATE TABLE audit_cursor (id INT PRIMARY KEY)',
      'CREATE TABLE orders_payments_facts (order_id INT PRIMARY KEY, quantity INT)',
    );

    const refused = await migrate(config).catch(String);

    expect(refused).toContain(
      [
        'orders_payments_facts.order_id: expected bigint, partition key 1; found int, partition key 1',
        'orders_payments_facts.customer_id: expected bigint, regular; found no such column',
      ].join('\n  - '),
    );
    expect(refused).toContain('audit_cursor.name: expected text, partition key 1; found no such column');
    expect(refused).toContain(
      'audit_cursor.id: expected no such column in the key; found int, partition key 1',
    );
  });

  it('for a schema_migrations of another program', async () => {
    const config = await keyspaceWith('CREATE TABLE schema_migrations (version BIGINT PRIMARY KEY)');

    await expect(migrate(config)).rejects.toThrow('schema_migrations.name: expected text, partition key 1');
  });

  it('for a table that was applied and is not there any more', async () => {
    const config = testCassandraConfig();
    await migrate(config);
    await run(`DROP TABLE ${config.keyspace}.dead_letters`);

    await expect(migrate(config)).rejects.toThrow(
      'dead_letters: expected the table of cql/0003_dead_letters.cql, found none',
    );
  });

  it('but not for a further column, which a newer version may have added', async () => {
    const config = testCassandraConfig();
    await migrate(config);
    await run(`ALTER TABLE ${config.keyspace}.ledger_by_order ADD note TEXT`);

    expect((await migrate(config)).unchanged).toEqual(FILES);
  });

  it('nor for a right table that a run made before it died', async () => {
    const config = await keyspaceWith(await cqlOf('0003_dead_letters.cql', (cql) => `${cql} `));

    expect((await migrate(config)).applied).toEqual(FILES);
  });

  describe('for the rows in it:', () => {
    const factsOf = ({ keyspace }: CassandraConfig): string =>
      `INSERT INTO ${keyspace}.orders_payments_facts (order_id, payment_id) VALUES (1, 2)`;

    it('facts without a table of a ledger', async () => {
      const config = await keyspaceWith(await cqlOf('0001_orders_payments_facts.cql', (cql) => `${cql} `));
      await run(factsOf(config));
      const before = await columnCount(config);

      await expect(migrate(config)).rejects.toThrow(
        `${config.keyspace}.orders_payments_facts has rows, and ${config.keyspace}.ledger_by_order has none`,
      );
      expect(await columnCount(config)).toBe(before);
    });

    it('facts beside an empty ledger', async () => {
      const config = testCassandraConfig();
      await migrate(config);
      await run(factsOf(config));

      await expect(migrate(config)).rejects.toThrow('orders_payments_facts has rows, and');
    });

    it('but not facts with a ledger, and not a table of facts without a row', async () => {
      const config = await keyspaceWith(await cqlOf('0001_orders_payments_facts.cql', (cql) => `${cql} `));
      expect((await migrate(config)).applied).toEqual(FILES);
      await run(factsOf(config));
      await run(
        `INSERT INTO ${config.keyspace}.ledger_by_order (order_id, is_order, at, event_id, part, contract_version) VALUES (1, true, 1, 'e', 0, 1)`,
      );

      expect((await migrate(config)).unchanged).toEqual(FILES);
    });
  });

  describe('for its replication:', () => {
    const simple = (factor: number) => ({ strategy: 'SimpleStrategy' as const, factor });
    const near = (factors: Readonly<Record<string, number>>) => ({
      strategy: 'NetworkTopologyStrategy' as const,
      factors,
    });

    it('another than was asked for, with the way from one to the other', async () => {
      const config = await keyspaceWith();

      const refused = await migrate({ ...config, replication: near({ datacenter1: 1 }) }).catch(String);

      expect(refused).toContain("has the replication {'class': 'SimpleStrategy', 'replication_factor': 1}");
      expect(refused).toContain(
        `\n  ALTER KEYSPACE ${config.keyspace} WITH replication = {'class': 'NetworkTopologyStrategy', 'datacenter1': 1};\n`,
      );
      expect(refused).toContain(`\n  nodetool repair --full ${config.keyspace}`);
      expect(await columnCount(config)).toBe(0);
      const [alter] = /ALTER KEYSPACE [^;]*/.exec(refused as string) ?? [];
      await run(alter ?? '');
      expect((await migrate({ ...config, replication: near({ datacenter1: 1 }) })).applied).toEqual(FILES);
    });

    it('whatever it is, when nothing was asked for and it has a quorum', async () => {
      const config = await keyspaceWith();

      expect((await migrate({ ...config, replication: undefined })).applied).toEqual(FILES);
    });

    it.for([
      [simple(2), 'the cluster has 1 node, too few for 2 replicas'],
      [near({ datacenter1: 3 }), 'data centre datacenter1 has 1 node, too few for 3 replicas'],
    ] as const)('more replicas than nodes: %j', async ([replication, says]) => {
      const config = testCassandraConfig();

      await expect(migrate({ ...config, replication })).rejects.toThrow(says);

      expect(await replicationOf(config)).toBeUndefined();
    });

    it('a data centre that the cluster does not have', async () => {
      const config = testCassandraConfig();

      await expect(migrate({ ...config, replication: near({ datacenter1: 1, dc9: 3 }) })).rejects.toThrow(
        'CASSANDRA_REPLICATION names dc9, and the cluster has no such data centre: it has datacenter1',
      );
      expect(await replicationOf(config)).toBeUndefined();
    });

    it('more replicas than nodes in a keyspace that is there', async () => {
      const config = await keyspaceWith();
      await run(
        `ALTER KEYSPACE ${config.keyspace} WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 3}`,
      );

      await expect(migrate({ ...config, replication: undefined })).rejects.toThrow('too few for 3 replicas');
    });

    it('one replica beyond this machine, unless it was asked for', async () => {
      const config = testCassandraConfig();
      const far = { ...config, isLocal: false, replication: undefined };

      await expect(migrate(far)).rejects.toThrow(
        /would have one replica, .* set CASSANDRA_REPLICATION=datacenter1:3/,
      );
      expect(await replicationOf(config)).toBeUndefined();
      await migrate({ ...far, replication: near({ datacenter1: 1 }) });
      await expect(migrate(far)).rejects.toThrow(`keyspace ${config.keyspace} has one replica`);
    });
  });

  const replicationOf = async ({ keyspace }: CassandraConfig): Promise<unknown> => {
    const { rows } = await run(
      `SELECT replication FROM system_schema.keyspaces WHERE keyspace_name = '${keyspace}'`,
    );
    return rows[0]?.get('replication');
  };
});
