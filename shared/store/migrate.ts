import { join } from 'node:path';
import type { Client } from 'cassandra-driver';
import type { CassandraConfig } from '../config.ts';
import { createCassandraClient } from './driver/cassandraClient.ts';
import { findDifferences } from './migration/findDifferences.ts';
import { openSchemaSession } from './migration/openSchemaSession.ts';
import { prepareKeyspace } from './migration/prepareKeyspace.ts';
import { type Migration, readMigrations } from './migration/readMigrations.ts';
import { type FoundTable, readTables } from './migration/readTables.ts';
import { refuseForeignRows } from './migration/refuseForeignRows.ts';
import { retryRaces } from './migration/retryRaces.ts';
import { SchemaError } from './migration/schemaError.ts';
import type { SchemaSession } from './migration/schemaSession.ts';
import { type WantedTable, wantedTables } from './migration/wantedTables.ts';

const MIGRATIONS_FOLDER = join(import.meta.dirname, 'cql');

/** The table that says which files were applied. It is there before the first of them. */
const OWN: Migration = {
  name: 'schema_migrations',
  checksum: '',
  statements: [
    'CREATE TABLE IF NOT EXISTS schema_migrations (name TEXT PRIMARY KEY, checksum TEXT, applied_at TIMESTAMP)',
  ],
};

interface MigrationReport {
  readonly keyspace: string;
  readonly applied: readonly string[];
  readonly unchanged: readonly string[];
}

/**
 * Creates the keyspace, and applies every file of `cql/` that has not been applied yet, in the order of their
 * names. It looks first: it refuses a keyspace whose replication, tables or rows do not suit Tally, and
 * changes nothing there. Running it again changes nothing. Several runs at once have the same result.
 * @param folder the folder with the files; `cql/` beside this module when left out.
 * @throws SchemaError when the keyspace is not what Tally needs, or an applied file was edited. The message
 * says what to do.
 * @throws Error when the name of a file does not begin with four digits, which decide the order.
 */
export const migrate = async (
  config: CassandraConfig,
  folder = MIGRATIONS_FOLDER,
): Promise<MigrationReport> => {
  const migrations = await readMigrations(folder);
  const wanted = wantedTables([OWN, ...migrations]);
  const client = createCassandraClient(config, null);
  const applied = new Set<string>();
  try {
    const connection = await client.connect();
    await retryRaces(() => migrateOnce(connection, config, { migrations, wanted, applied }));
  } finally {
    await client.close();
  }
  const names = migrations.map(({ name }) => name);
  return {
    keyspace: config.keyspace,
    applied: names.filter((name) => applied.has(name)),
    unchanged: names.filter((name) => !applied.has(name)),
  };
};

interface Work {
  readonly migrations: readonly Migration[];
  readonly wanted: ReadonlyMap<string, WantedTable>;
  /** The names of the files that this run has applied, in this attempt or an earlier one. */
  readonly applied: Set<string>;
}

const migrateOnce = async (client: Client, config: CassandraConfig, work: Work): Promise<void> => {
  const { keyspace } = config;
  const { migrations, wanted, applied } = work;
  const session = await openSchemaSession(client);
  await prepareKeyspace(session, config);
  const found = await readTables(session, keyspace);
  const pending = await findPending(session, keyspace, { migrations, found });
  refuseDifferences(keyspace, findDifferences(found, wanted, new Set(pending.map(({ name }) => name))));
  await refuseForeignRows(session, keyspace, found);

  for (const { name, checksum, statements } of pending) {
    for (const statement of statements) await session.change(inKeyspace(statement, keyspace));
    if (name === OWN.name) continue;
    await client.execute(
      `INSERT INTO ${keyspace}.schema_migrations (name, checksum, applied_at) VALUES (?, ?, ?)`,
      [name, checksum, new Date()],
    );
    applied.add(name);
  }
  refuseDifferences(keyspace, findDifferences(await readTables(session, keyspace), wanted, new Set()));
};

/**
 * The files that are still to be applied, and the own table if it is missing.
 * @throws SchemaError when an applied file was edited, or when the own table is somebody else's.
 */
const findPending = async (
  session: SchemaSession,
  keyspace: string,
  { migrations, found }: { migrations: readonly Migration[]; found: ReadonlyMap<string, FoundTable> },
): Promise<readonly Migration[]> => {
  if (!found.has(OWN.name)) return [OWN, ...migrations];
  refuseDifferences(keyspace, findDifferences(found, wantedTables([OWN]), new Set()));
  const rows = await session.select(`SELECT name, checksum FROM ${keyspace}.schema_migrations`);
  const checksums = new Map(rows.map((row) => [String(row.get('name')), String(row.get('checksum'))]));
  const edited = migrations.find(({ name, checksum }) => (checksums.get(name) ?? checksum) !== checksum);
  if (edited !== undefined) {
    throw new SchemaError(
      `cql/${edited.name} was edited after it was applied to keyspace ${keyspace}: restore it and add a new file`,
    );
  }
  return migrations.filter(({ name }) => !checksums.has(name));
};

const refuseDifferences = (keyspace: string, differences: readonly string[]): void => {
  if (differences.length === 0) return;
  const list = differences.map((difference) => `  - ${difference}`).join('\n');
  throw new SchemaError(
    `keyspace ${keyspace} has tables that are not Tally’s. Take another keyspace (CASSANDRA_KEYSPACE), or move these tables away:\n${list}`,
  );
};

/**
 * Adds the keyspace to the name of the table. The files leave it out, because the keyspace is a setting.
 * `('CREATE TABLE t (…)', 'shop')` → `'CREATE TABLE shop.t (…)'`.
 */
const inKeyspace = (statement: string, keyspace: string): string =>
  statement.replace(/^((?:CREATE|ALTER) TABLE(?: IF NOT EXISTS)?) /, `$1 ${keyspace}.`);
