import { type Host, types } from 'cassandra-driver';
import type { CassandraConfig } from '../../shared/config.ts';
import { createCassandraClient } from '../../shared/store/driver/cassandraClient.ts';
import { until } from '../until.ts';

const WHOLE_WITHIN_MS = 60_000;
/** Cassandra keeps three replicas of this table, one on each node. A read at ALL needs all of them. */
const READ_ALL = 'SELECT * FROM system_distributed.parent_repair_history LIMIT 1';

/**
 * Waits until every node sees all others. A node answers before that; a schema that is created then may exist
 * on one node only.
 * @throws Error when the nodes do not see each other in time.
 */
export const untilRingIsWhole = async (config: CassandraConfig, nodes: number): Promise<void> => {
  const client = createCassandraClient(config, null);
  const connection = await client.connect();
  const seesAll = (host: Host): Promise<boolean> =>
    connection.execute(READ_ALL, [], { host, consistency: types.consistencies.all, prepare: false }).then(
      () => true,
      // Any error means that the node does not see all others yet.
      () => false,
    );
  try {
    await until(
      `${nodes} nodes that see each other`,
      async () => {
        const known = connection.hosts.values();
        return known.length === nodes && (await Promise.all(known.map(seesAll))).every(Boolean);
      },
      WHOLE_WITHIN_MS,
    );
  } finally {
    await client.close();
  }
};
