import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from 'cassandra-driver';
import type { CassandraConfig, Replication } from '../config.ts';
import { createCassandraClient } from './cassandraClient.ts';

const MIGRATIONS_FOLDER = join(import.meta.dirname, 'cql');
const FILE_NAME = /^\d{4}_[a-z0-9_]+\.cql$/;
/** The nodes of a cluster may take longer to agree on a schema than they take for another statement. */
const SCHEMA_TIMEOUT_MS = 30_000;

interface MigrationReport {
  readonly keyspace: string;
  readonly applied: readonly string[];
  readonly unchanged: readonly string[];
}

/** A file in `cql/` is not the one that was applied under its name. */
export class EditedMigrationError extends Error {
  override readonly name = 'EditedMigrationError';
}

/**
 * Creates the keyspace, and applies every file of `cql/` that has not been applied yet, in the order of their
 * names. Running it again changes nothing. Two runs at the same time have the same result, because every
 * statement is `IF NOT EXISTS`.
 * @param folder the folder with the files; `cql/` beside this module when left out.
 * @throws EditedMigrationError when an applied file was edited. Restore it, and add a new file instead.
 * @throws Error when the name of a file does not begin with four digits, which decide the order.
 */
export const migrate = async (
  config: CassandraConfig,
  folder = MIGRATIONS_FOLDER,
): Promise<MigrationReport> => {
  const files = await migrationFiles(folder);
  const client = createCassandraClient(config, null);
  try {
    const connection = await client.connect();
    // Astra creates keyspaces itself and refuses this statement.
    if (config.secureConnectBundle === undefined) await run(connection, createKeyspace(config));
    await run(connection, createMigrationsTable(config.keyspace));
    const checksums = await appliedChecksums(connection, config.keyspace);

    const applied: string[] = [];
    const unchanged: string[] = [];
    for (const name of files) {
      const cql = await readFile(join(folder, name), 'utf8');
      const checksum = createHash('sha256').update(cql).digest('hex');
      const known = checksums.get(name);
      if (known !== undefined && known !== checksum) {
        throw new EditedMigrationError(
          `cql/${name} was edited after it was applied to keyspace ${config.keyspace}: restore it and add a new file`,
        );
      }
      if (known !== undefined) {
        unchanged.push(name);
        continue;
      }
      for (const statement of statementsOf(cql))
        await run(connection, inKeyspace(statement, config.keyspace));
      await connection.execute(
        `INSERT INTO ${config.keyspace}.schema_migrations (name, checksum, applied_at) VALUES (?, ?, ?)`,
        [name, checksum, new Date()],
      );
      applied.push(name);
    }
    return { keyspace: config.keyspace, applied, unchanged };
  } finally {
    await client.close();
  }
};

/**
 * The names of the files, in order. It refuses a file that would never be applied: nobody would notice that.
 */
const migrationFiles = async (folder: string): Promise<string[]> => {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.cql')).toSorted();
  const misnamed = names.filter((name) => !FILE_NAME.test(name));
  if (misnamed.length > 0) {
    throw new Error(`cql/${misnamed.join(', ')}: expected a name such as 0004_lower_case_words.cql`);
  }
  return names;
};

/** Preparing a schema statement has no use, because it runs once. `IF NOT EXISTS` makes it safe to repeat. */
const run = (connection: Client, cql: string) =>
  connection.execute(cql, [], { prepare: false, readTimeout: SCHEMA_TIMEOUT_MS });

const createKeyspace = ({ keyspace, replication }: CassandraConfig): string =>
  `CREATE KEYSPACE IF NOT EXISTS ${keyspace} WITH replication = ${replicationMap(replication)}`;

const replicationMap = (replication: Replication): string => {
  const entries: [string, string | number][] =
    replication.strategy === 'SimpleStrategy'
      ? [['replication_factor', replication.factor]]
      : Object.entries(replication.factors);
  const factors = entries.map(([name, factor]) => `'${name}': ${factor}`).join(', ');
  return `{'class': '${replication.strategy}', ${factors}}`;
};

const createMigrationsTable = (keyspace: string): string =>
  `CREATE TABLE IF NOT EXISTS ${keyspace}.schema_migrations (name TEXT PRIMARY KEY, checksum TEXT, applied_at TIMESTAMP)`;

const appliedChecksums = async (connection: Client, keyspace: string): Promise<Map<string, string>> => {
  const { rows } = await connection.execute(`SELECT name, checksum FROM ${keyspace}.schema_migrations`);
  return new Map(rows.map((row) => [String(row.get('name')), String(row.get('checksum'))]));
};

/**
 * Splits a file into statements without comments. A `;` or `--` in a quoted text stays a part of the text.
 * `'A; -- note\nB;'` → `['A', 'B']`.
 */
const statementsOf = (cql: string): string[] => {
  const pieces = cql.match(/'(?:[^']|'')*'|--.*|[^';-]+|[;-]/g) ?? [];
  const marked = pieces
    .filter((piece) => !piece.startsWith('--'))
    .map((piece) => (piece === ';' ? END : piece));
  return marked
    .join('')
    .split(END)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
};

/** Marks the end of a statement. No CQL text contains it. */
const END = '\0';

/**
 * Adds the keyspace to the name of the table. The files leave it out, because the keyspace is a setting.
 * `('CREATE TABLE t (…)', 'shop')` → `'CREATE TABLE shop.t (…)'`.
 */
const inKeyspace = (statement: string, keyspace: string): string =>
  statement.replace(/^((?:CREATE|ALTER) TABLE(?: IF NOT EXISTS)?) /, `$1 ${keyspace}.`);
