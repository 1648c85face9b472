import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../../shared/config.ts';
import { ConfigError } from '../../../../shared/errors.ts';
import { createCassandraClient } from '../../../../shared/store/driver/cassandraClient.ts';

const bundled = (path: string) => {
  const { store } = loadConfig({
    CASSANDRA_SECURE_CONNECT_BUNDLE: path,
    CASSANDRA_USERNAME: 'token',
    CASSANDRA_PASSWORD: 'SECRET',
  });
  if (store.kind !== 'cassandra') throw new Error('expected Cassandra');
  return store;
};

describe('a client with Astra’s bundle', () => {
  it('refuses a bundle that is not there when it is made, not at the first message', () => {
    const make = () => createCassandraClient(bundled('/missing/bundle.zip'));

    expect(make).toThrow(ConfigError);
    expect(make).toThrow('CASSANDRA_SECURE_CONNECT_BUNDLE: cannot read /missing/bundle.zip');
  });

  it('gives the driver the bundle and nothing beside it, which the driver would refuse', async () => {
    // Any file that is no zip: the driver opens it, which shows that it was taken.
    const client = createCassandraClient(bundled(import.meta.filename));

    await expect(client.connect()).rejects.toThrow(/zip/i);
  });
});
