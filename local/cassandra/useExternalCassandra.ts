import { type CassandraConfig, type Environment, loadConfig, valueIn } from '../../shared/config.ts';
import type { LocalPart } from '../localPart.ts';
import type { CassandraOptions } from './options.ts';
import { untilCqlAnswers } from './untilCqlAnswers.ts';

/**
 * The cluster that the environment names. What starts here sends made-up orders and payments. In a real
 * cluster they would be newer than the real ones, and replace them.
 * @throws Error when it is not on this machine. ConfigError when a variable is malformed or missing.
 */
export const loadExternalCassandra = (env: Environment): CassandraConfig => {
  const { store } = loadConfig(env);
  const bundle = valueIn(env, 'CASSANDRA_SECURE_CONNECT_BUNDLE');
  const variable = bundle === undefined ? 'CASSANDRA_CONTACT_POINTS' : 'CASSANDRA_SECURE_CONNECT_BUNDLE';
  if (store.kind !== 'cassandra')
    throw new Error(`${variable} and TALLY_MEMORY_STORE_URL cannot both be set: unset one of them`);
  if (store.isLocal) return store;
  throw new Error(
    `${variable}: expected a Cassandra on this machine, got ${JSON.stringify(valueIn(env, variable))}: ` +
      'what starts here would write made-up orders and payments into it. Unset the variable',
  );
};

/**
 * Takes the cluster that the environment names. It is neither started nor stopped here.
 * @param why why this kind was chosen.
 * @param timeoutMs how long it may take to answer; 30,000 unless given.
 * @throws Error when it does not answer in time, and as `loadExternalCassandra` does.
 */
export const useExternalCassandra = async (
  { env, progress }: Pick<CassandraOptions, 'env' | 'progress'>,
  why: string,
  timeoutMs?: number,
): Promise<LocalPart> => {
  const store = loadExternalCassandra(env);
  const address = `${store.contactPoints[0]}:${store.port}`;
  progress({ step: 'Cassandra', detail: `external, at ${address} (${why})` });
  try {
    await untilCqlAnswers(store, timeoutMs === undefined ? {} : { timeoutMs });
  } catch (error) {
    throw new Error(
      'the Cassandra that CASSANDRA_CONTACT_POINTS names does not answer: start it, or unset the variable',
      { cause: error },
    );
  }
  return {
    name: 'Cassandra',
    kind: 'external',
    address,
    why,
    keepsState: true,
    env: Object.fromEntries(
      Object.entries(env).filter((entry): entry is [string, string] => entry[0].startsWith('CASSANDRA_')),
    ),
    died: new Promise(() => {}),
    stop: async () => {},
  };
};
