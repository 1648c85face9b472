import type { CassandraConfig } from '../../config.ts';
import { createCassandraClient } from '../driver/cassandraClient.ts';
import { openSchemaSession } from '../migration/openSchemaSession.ts';

const DAY_SECONDS = 86_400;
/** The dead letters, and where they are found. What closes them is in other tables, and outlives them. */
const TABLES = ['dead_letters', 'dead_letters_by_order'] as const;

/**
 * Sets how long dead letters are kept, for all that are written from now on. The ledger and the actions are
 * kept for ever. The setting is an option of the tables, so no function can have another one.
 * @param days from `RETENTION_DAYS_MIN` to what `retentionDaysMax` gives.
 */
export const setRetentionDays = async (config: CassandraConfig, days: number): Promise<void> => {
  const client = createCassandraClient(config, null);
  try {
    const session = await openSchemaSession(await client.connect());
    for (const table of TABLES) {
      await session.change(
        `ALTER TABLE ${config.keyspace}.${table} WITH default_time_to_live = ${days * DAY_SECONDS}`,
      );
    }
  } finally {
    await client.close();
  }
};
