import { type Host, types } from 'cassandra-driver';
import type { CassandraConfig } from '../../shared/config.ts';
import { createCassandraClient } from '../../shared/store/cassandraClient.ts';
import { until } from '../until.ts';

const WHOLE_WITHIN_MS = 60_000;
/** A table of Cassandra's own whose replicas are on three nodes: read at ALL, it needs every one of them. */
const READ_ALL = 'SELECT * FROM system_distributed.parent_repair_history LIMIT 1';

/**
 * Waits until every node sees all others. A node answers before it does, and a schema that is made by then may be made by
 * one node alone.
 * @throws Error when they do not find each other in time.
 */
export const untilRingIsWhole = async (config: CassandraConfig, nodes: number): Promise<void> => {
  const client = createCassandraClient(config, null);
  const connection = await client.connect();
  const seesAll = (host: Host): Promise<boolean> =>
    connection.execute(READ_ALL, [], { host, consistency: types.consistencies.all, prepare: false }).then(
      () => true,
      // Whatever the reason: it does not see them all yet.
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
