import type { CassandraConfig } from '../../config.ts';
import { createCassandraClient } from '../driver/cassandraClient.ts';
import { openSchemaSession } from '../migration/openSchemaSession.ts';
import type { SchemaSession } from '../migration/schemaSession.ts';
import { SELECT_TTL } from './readRetentionDays.ts';

const DAY_SECONDS = 86_400;
/** The dead letters, and where they are found. What closes them is in other tables, and outlives them. */
const [LETTERS, PLACES] = ['dead_letters', 'dead_letters_by_order'] as const;

/**
 * Sets how long dead letters are kept, for all that are written from now on. The ledger and the actions are
 * kept for ever. The setting is an option of the tables, so no function can have another one.
 * @param days from `RETENTION_DAYS_MIN` to what `retentionDaysMax` gives.
 */
export const setRetentionDays = async (config: CassandraConfig, days: number): Promise<void> => {
  const client = createCassandraClient(config, null);
  try {
    const session = await openSchemaSession(await client.connect());
    await changeRetention(session, config.keyspace, days);
  } finally {
    await client.close();
  }
};

/**
 * Changes both tables in such an order that no place expires before its dead letter, also when the command
 * dies between the two: what is raised is raised for the places first, and lowered for them last.
 */
export const changeRetention = async (
  { select, change }: Pick<SchemaSession, 'select' | 'change'>,
  keyspace: string,
  days: number,
): Promise<void> => {
  const seconds = days * DAY_SECONDS;
  const [row] = await select(SELECT_TTL, [keyspace, PLACES]);
  const present = Number(row?.get('default_time_to_live') ?? 0);
  const isRaised = present !== 0 && seconds > present;
  for (const table of isRaised ? [PLACES, LETTERS] : [LETTERS, PLACES])
    await change(`ALTER TABLE ${keyspace}.${table} WITH default_time_to_live = ${seconds}`);
};
