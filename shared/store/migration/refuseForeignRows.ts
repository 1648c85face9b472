import type { FoundTable } from './readTables.ts';
import type { SchemaSession } from './schemaSession.ts';
import { SchemaError } from './schemaError.ts';

const FACTS = 'orders_payments_facts';
const LEDGER = 'ledger_by_order';

/**
 * Refuses facts that no ledger explains. Tally writes payment columns at times near 1970, so a row that
 * somebody else wrote would hide for ever what Tally writes to it.
 * @throws SchemaError when the table of facts has a row and the ledger has none.
 */
export const refuseForeignRows = async (
  session: SchemaSession,
  keyspace: string,
  found: ReadonlyMap<string, FoundTable>,
): Promise<void> => {
  const hasRow = async (table: string): Promise<boolean> =>
    found.has(table) &&
    (await session.select(`SELECT order_id FROM ${keyspace}.${table} LIMIT 1`)).length > 0;
  // The facts come first: an order's row and its ledger entry are one write, so a fact seen has its entry.
  if (!(await hasRow(FACTS)) || (await hasRow(LEDGER))) return;
  throw new SchemaError(
    `${keyspace}.${FACTS} has rows, and ${keyspace}.${LEDGER} has none: no ledger explains these rows, and they would hide what Tally writes. Take another keyspace (CASSANDRA_KEYSPACE), and send the orders again`,
  );
};
