import { describe, expect, it } from 'vitest';
import { TransientError } from '../../../../shared/errors.ts';
import { createCassandraClient } from '../../../../shared/store/driver/cassandraClient.ts';
import { hasCassandra, testCassandraConfig } from '../../../support/cassandra/testKeyspace.ts';
import { toStoreError } from '../../../../shared/store/driver/toStoreError.ts';

describe('an error of the driver', () => {
  it.skipIf(!hasCassandra)(
    'is a fault of the world when no connection was there to prepare a statement on',
    async () => {
      const client = createCassandraClient(testCassandraConfig(), null);
      const connection = await client.connect();
      // What a pool looks like between the loss of its last connection and the next one: the host counts as
      // up.
      for (const host of connection.hosts.values()) {
        const pool: unknown = Reflect.get(host, 'pool');
        if (typeof pool === 'object' && pool !== null) Reflect.set(pool, 'connections', []);
      }

      const error = await connection
        .execute('SELECT key FROM system.local')
        .catch((thrown: unknown) => thrown);
      await client.close();

      expect(error).toBeInstanceOf(Error);
      expect(toStoreError(error)).toBeInstanceOf(TransientError);
    },
  );

  it('is a bug when nothing says that the world failed', () => {
    for (const error of [new Error('No connection available'), new TypeError('a bug'), 'no error at all']) {
      expect(toStoreError(error)).toBe(error);
    }
  });
});
