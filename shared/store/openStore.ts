import type { Config } from '../config.ts';
import type { AuditSource, Store } from './store.ts';

/** The store that the configuration names. The other one's code is never loaded. */
export const openStore = async (config: Config['store']): Promise<Store> => {
  if (config.kind === 'memory') {
    const { createMemoryStoreClient } = await import('./memoryStoreClient.ts');
    return createMemoryStoreClient(config.url);
  }
  const { createCassandraClient } = await import('./cassandraClient.ts');
  const { createCassandraStore } = await import('./cassandraStore.ts');
  return createCassandraStore(createCassandraClient(config));
};

/** The same store, to be read whole. */
export const openAuditSource = async (config: Config['store']): Promise<AuditSource> => {
  if (config.kind === 'memory') {
    const { createMemoryStoreClient } = await import('./memoryStoreClient.ts');
    return createMemoryStoreClient(config.url);
  }
  const { createCassandraClient } = await import('./cassandraClient.ts');
  const { createCassandraAuditSource } = await import('./cassandraAuditSource.ts');
  return createCassandraAuditSource(createCassandraClient(config));
};
