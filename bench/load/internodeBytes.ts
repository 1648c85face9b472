import type { Client } from 'cassandra-driver';

/** Each node keeps it about itself: one row for each other node. */
const READ_SENT = 'SELECT sent_bytes FROM system_views.internode_outbound';

/** The bytes that the nodes of Cassandra have sent to each other since they were started: 0 for one node. */
export const internodeBytes = async (client: Client): Promise<number> => {
  const sent = await Promise.all(
    client.hosts.values().map((host) => client.execute(READ_SENT, [], { host, prepare: false })),
  );
  return sent.flatMap(({ rows }) => rows).reduce((sum, row) => sum + Number(row.get('sent_bytes')), 0);
};
