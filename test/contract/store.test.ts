import { describe } from 'vitest';
import { createCassandraAuditSource } from '../../shared/store/cassandraAuditSource.ts';
import { createCassandraStore } from '../../shared/store/cassandraStore.ts';
import { createMemoryStore } from '../../shared/store/memoryStore.ts';
import { createTestKeyspace, factWriteTimes, hasCassandra } from '../support/cassandra.ts';
import { describeStoreContract } from './storeContract.ts';

describeStoreContract('the in-memory store', async () => {
  const store = createMemoryStore();
  return {
    store,
    source: store,
    factWriteTimes: async (orderId) => store.tables.facts.writeTimes(String(orderId)),
  };
});

describe.skipIf(!hasCassandra)('with a real Cassandra', () => {
  describeStoreContract('Cassandra', async () => {
    const { client } = await createTestKeyspace();
    return {
      store: createCassandraStore(client),
      source: createCassandraAuditSource(client),
      factWriteTimes: (orderId) => factWriteTimes(client, orderId),
    };
  });
});
