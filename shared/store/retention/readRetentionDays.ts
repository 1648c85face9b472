import type { types } from 'cassandra-driver';
import type { CassandraClient } from '../driver/cassandraClient.ts';
import { readRows } from '../driver/readPages.ts';

const DAY_SECONDS = 86_400;
/** How long a table of a keyspace keeps what is written, in seconds. 0: for ever. */
export const SELECT_TTL =
  'SELECT default_time_to_live FROM system_schema.tables WHERE keyspace_name = ? AND table_name = ?';

/**
 * How many days dead letters are kept; undefined when they are kept for ever.
 * @param table `dead_letters_by_order`: how many days it is known where those of an order are.
 */
export const readRetentionDays = async (
  client: CassandraClient,
  table: 'dead_letters' | 'dead_letters_by_order' = 'dead_letters',
): Promise<number | undefined> => {
  const { keyspace } = await client.connect();
  const [row] = await readRows<types.Row>(client, {
    query: SELECT_TTL,
    params: [keyspace, table],
    pageRows: 1,
  });
  const seconds = Number(row?.get('default_time_to_live') ?? 0);
  return seconds === 0 ? undefined : Math.round(seconds / DAY_SECONDS);
};
