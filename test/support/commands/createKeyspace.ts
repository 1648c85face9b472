import { type CassandraConfig, loadConfig } from '../../../shared/config.ts';
import { createCassandraClient } from '../../../shared/store/driver/cassandraClient.ts';
import { createCassandraStore } from '../../../shared/store/cassandraStore.ts';
import { migrate } from '../../../shared/store/migrate.ts';
import type { Store } from '../../../shared/store/store.ts';
import { commandEnv } from './commandEnv.ts';

/**
 * A migrated keyspace of the test's own with rows in it, and the environment of a `tally` command that uses
 * it.
 */
export const createKeyspace = async (
  fill: (store: Store) => Promise<void>,
): Promise<Record<string, string>> => {
  const env = commandEnv();
  await migrate(cassandraOf(env));
  await fillKeyspace(env, fill);
  return env;
};

/** Writes more rows to such a keyspace. */
export const fillKeyspace = async (
  env: Readonly<Record<string, string>>,
  fill: (store: Store) => Promise<void>,
): Promise<void> => {
  const store = createCassandraStore(createCassandraClient(cassandraOf(env)));
  await fill(store);
  await store.close();
};

const cassandraOf = (env: Readonly<Record<string, string>>): CassandraConfig => {
  const { store } = loadConfig(env);
  if (store.kind !== 'cassandra') throw new Error('the test run has no Cassandra');
  return store;
};
