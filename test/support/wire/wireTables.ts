import type { CassandraClient } from '../../../shared/store/cassandraClient.ts';
import { factWriteTimes } from '../cassandra/testKeyspace.ts';

/** Where an event's row stands in a table of its own; one write makes all of its cells, another the last. */
const QUERIES = [
  'SELECT JSON * FROM orders_payments_facts WHERE order_id = ?',
  'SELECT JSON * FROM payments_by_order WHERE order_id = ?',
  'SELECT JSON event_id, WRITETIME(payment_method), WRITETIME(parked) FROM payments_by_order WHERE order_id = ?',
  'SELECT JSON * FROM dead_letters WHERE order_id = ? ALLOW FILTERING',
  'SELECT JSON event_id, WRITETIME(error), WRITETIME(matched_at) FROM dead_letters WHERE order_id = ? ALLOW FILTERING',
];

/** All that the three tables hold of an order, write times included. */
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
