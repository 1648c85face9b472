import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from 'cassandra-driver';
import type { CassandraConfig, Replication } from '../config.ts';
import { createCassandraClient } from './cassandraClient.ts';

const MIGRATIONS_FOLDER = join(import.meta.dirname, 'cql');
const FILE_NAME = /^\d{4}_[a-z0-9_]+\.cql$/;
/** A cluster's schema agreement can take longer than a statement of the hot path. */
const SCHEMA_TIMEOUT_MS = 30_000;

interface MigrationReport {
  readonly keyspace: string;
  readonly applied: readonly string[];
  readonly unchanged: readonly string[];
}

/** A file in `cql/` differs from what was applied under its name. */
export class EditedMigrationError extends Error {
  override readonly name = 'EditedMigrationError';
}

/**
 * Creates the keyspace and applies every file of `cql/` that has not been applied yet, in the order of their names. Doing
 * it again changes nothing; two at once end the same, for every statement is `IF NOT EXISTS`.
 * @throws EditedMigrationError when an applied file has been edited since: add a new file instead; Error when a file's
 * name does not say when it is its turn.
 */
export const migrate = async (
  config: CassandraConfig,
  folder = MIGRATIONS_FOLDER,
): Promise<MigrationReport> => {
  const files = await migrationFiles(folder);
  const client = createCassandraClient(config, null);
  try {
    const connection = await client.connect();
    // Astra makes keyspaces itself, and refuses the statement.
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

/** A file that would never be applied is refused: its author believes that it is. */
const migrationFiles = async (folder: string): Promise<string[]> => {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.cql')).toSorted();
  const misnamed = names.filter((name) => !FILE_NAME.test(name));
  if (misnamed.length > 0) {
    throw new Error(`cql/${misnamed.join(', ')}: expected a name such as 0004_lower_case_words.cql`);
  }
  return names;
};

/** A schema statement cannot be prepared usefully, and `IF NOT EXISTS` makes it safe to repeat. */
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

/** Statements without their comments; neither is looked for inside a quoted text. */
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

/** In no CQL text. */
const END = '\0';

/** The files name tables without a keyspace, which is a setting. */
const inKeyspace = (statement: string, keyspace: string): string =>
  statement.replace(/^((?:CREATE|ALTER) TABLE(?: IF NOT EXISTS)?) /, `$1 ${keyspace}.`);
