import type { types } from 'cassandra-driver';
import type { CassandraClient } from '../driver/cassandraClient.ts';
import { readRows } from '../driver/readPages.ts';

const DAY_SECONDS = 86_400;
const SELECT =
  'SELECT default_time_to_live FROM system_schema.tables WHERE keyspace_name = ? AND table_name = ?';

/** How many days dead letters are kept; undefined when they are kept for ever. */
export const readRetentionDays = async (client: CassandraClient): Promise<number | undefined> => {
  const { keyspace } = await client.connect();
  const [row] = await readRows<types.Row>(client, {
    query: SELECT,
    params: [keyspace, 'dead_letters'],
    pageRows: 1,
  });
  const seconds = Number(row?.get('default_time_to_live') ?? 0);
  return seconds === 0 ? undefined : Math.round(seconds / DAY_SECONDS);
};
