import { type Environment, loadConfig } from '../../shared/config.ts';
import { createCassandraClient } from '../../shared/store/cassandraClient.ts';
import type { LocalPart } from '../part.ts';

/** The cluster that the environment names. It is neither started nor stopped here. */
export const useExternalCassandra = async (env: Environment, why: string): Promise<LocalPart> => {
  const { store } = loadConfig(env);
  if (store.kind !== 'cassandra') throw new Error('--cassandra external: set CASSANDRA_CONTACT_POINTS');
  const client = createCassandraClient(store, null);
  try {
    await client.connect();
  } catch (error) {
    throw new Error(`no Cassandra answers at CASSANDRA_CONTACT_POINTS (${store.contactPoints.join(', ')})`, {
      cause: error,
    });
  }
  await client.close();
  return {
    name: 'Cassandra',
    kind: 'external',
    address: `${store.contactPoints[0]}:${store.port}`,
    why,
    keepsState: true,
    env: Object.fromEntries(
      Object.entries(env).filter((entry): entry is [string, string] => entry[0].startsWith('CASSANDRA_')),
    ),
    died: new Promise(() => {}),
    stop: async () => {},
  };
};
