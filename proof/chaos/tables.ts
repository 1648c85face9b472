import type { types } from 'cassandra-driver';
import type { CassandraConfig } from '../../shared/config.ts';
import { createCassandraClient } from '../../shared/store/driver/cassandraClient.ts';
import { readPages } from '../../shared/store/driver/readPages.ts';
import type { Cells } from './accepted.ts';

const PAGE_ROWS = 1_000;

/** The rows of the three tables, with the columns as they are. */
export interface Tables {
  readonly facts: () => AsyncIterable<Cells> | Iterable<Cells>;
  readonly ledger: () => AsyncIterable<Cells> | Iterable<Cells>;
  readonly deadLetters: () => AsyncIterable<Cells> | Iterable<Cells>;
}

/** Reads the tables in plain CQL, without the product's own reading of rows. */
export const openTables = (config: CassandraConfig): Tables & { readonly close: () => Promise<void> } => {
  const client = createCassandraClient(config);
  const scan = (table: string) =>
    async function* (): AsyncGenerator<Cells> {
      const all = { query: `SELECT * FROM ${table}`, params: [], pageRows: PAGE_ROWS };
      for await (const rows of readPages<types.Row>(client, all)) {
        for (const row of rows) yield Object.fromEntries(row.keys().map((name) => [name, row.get(name)]));
      }
    };
  return {
    facts: scan('orders_payments_facts'),
    ledger: scan('ledger_by_order'),
    deadLetters: scan('dead_letters'),
    close: client.close,
  };
};
