import type { types } from 'cassandra-driver';
import { type CassandraClient } from './driver/cassandraClient.ts';
import { readRows } from './driver/readPages.ts';

/** The files of `cql/` that this version of the code needs. A bundle has no folder in which to look. */
export const MIGRATIONS = [
  '0001_orders_payments_facts.cql',
  '0002_ledger_by_order.cql',
  '0003_dead_letters.cql',
  '0004_audit_cursor.cql',
  '0005_audit_suspicions.cql',
  '0006_dead_letters_by_order.cql',
  '0007_dead_letter_actions.cql',
  '0008_operations.cql',
] as const;

const SELECT_APPLIED = 'SELECT name FROM schema_migrations';
const PAGE_ROWS = 1_000;

/**
 * Finds the migrations that the keyspace does not have. If there are any, `tally migrate` has to run.
 * @throws TransientError when the store does not answer.
 */
export const findMissingMigrations = async (client: CassandraClient): Promise<readonly string[]> => {
  const rows = await readRows<types.Row>(client, { query: SELECT_APPLIED, params: [], pageRows: PAGE_ROWS });
  const applied = new Set(rows.map((row) => String(row.get('name'))));
  return MIGRATIONS.filter((name) => !applied.has(name));
};
