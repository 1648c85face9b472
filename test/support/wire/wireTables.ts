import type { CassandraClient } from '../../../shared/store/driver/cassandraClient.ts';
import { factWriteTimes } from '../cassandra/testKeyspace.ts';

/**
 * The rows of an order. One write makes the cells of a row of the ledger and of a dead letter, so one write
 * time of each is enough. Those of the fact are read one by one.
 */
const QUERIES = [
  'SELECT JSON * FROM orders_payments_facts WHERE order_id = ?',
  'SELECT JSON * FROM ledger_by_order WHERE order_id = ?',
  'SELECT JSON event_id, WRITETIME(kind) FROM ledger_by_order WHERE order_id = ?',
  'SELECT JSON * FROM dead_letters WHERE order_id = ? ALLOW FILTERING',
  'SELECT JSON event_id, reason, WRITETIME(error) FROM dead_letters WHERE order_id = ? ALLOW FILTERING',
];

/** All rows of an order in the three tables, with write times. */
export const tablesOf = async (client: CassandraClient, orderId: number): Promise<readonly unknown[]> => {
  const connection = await client.connect();
  const tables = await Promise.all(
    QUERIES.map(async (query) => {
      const { rows } = await connection.execute(query, [BigInt(orderId)]);
      return rows.map((row) => String(row.get('[json]'))).toSorted();
    }),
  );
  return [...tables, await factWriteTimes(client, BigInt(orderId))];
};
