import { type Environment, loadConfig } from '../../shared/config.ts';
import type { LocalPart } from '../localPart.ts';
import { untilCqlAnswers } from './untilCqlAnswers.ts';

/**
 * Takes the cluster that the environment names. It is neither started nor stopped here.
 * @param why why this kind was chosen.
 * @param timeoutMs how long it may take to answer; 30,000 unless given.
 * @throws Error when it does not answer in time. ConfigError when a variable is malformed or missing.
 */
export const useExternalCassandra = async (
  env: Environment,
  why: string,
  timeoutMs?: number,
): Promise<LocalPart> => {
  const { store } = loadConfig(env);
  const { CASSANDRA_SECURE_CONNECT_BUNDLE: bundle = '' } = env;
  const variable = bundle.trim() === '' ? 'CASSANDRA_CONTACT_POINTS' : 'CASSANDRA_SECURE_CONNECT_BUNDLE';
  if (store.kind !== 'cassandra')
    throw new Error(`${variable} and TALLY_MEMORY_STORE_URL cannot both be set: unset one of them`);
  try {
    await untilCqlAnswers(store, timeoutMs === undefined ? {} : { timeoutMs });
  } catch (error) {
    throw new Error(`the Cassandra that ${variable} names does not answer: start it, or unset the variable`, {
      cause: error,
    });
  }
  return {
    name: 'Cassandra',
    kind: 'external',
    address: store.secureConnectBundle ?? `${store.contactPoints[0]}:${store.port}`,
    why,
    keepsState: true,
    env: Object.fromEntries(
      Object.entries(env).filter((entry): entry is [string, string] => entry[0].startsWith('CASSANDRA_')),
    ),
    died: new Promise(() => {}),
    stop: async () => {},
  };
};
