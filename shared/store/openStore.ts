import type { Config } from '../config.ts';
import type { AuditSource, Store } from './store.ts';

/** Opens the store that the configuration names. The code of the other kind of store is never loaded. */
export const openStore = async (config: Config['store']): Promise<Store> => {
  if (config.kind === 'memory') {
    const { createMemoryStoreClient } = await import('./memoryStoreClient.ts');
    return createMemoryStoreClient(config.url);
  }
  const { createCassandraClient } = await import('./cassandraClient.ts');
  const { createCassandraStore } = await import('./cassandraStore.ts');
  return createCassandraStore(createCassandraClient(config));
};

/** Opens the same store for an audit, which reads whole tables. */
export const openAuditSource = async (config: Config['store']): Promise<AuditSource> => {
  if (config.kind === 'memory') {
    const { createMemoryStoreClient } = await import('./memoryStoreClient.ts');
    return createMemoryStoreClient(config.url);
  }
  const { createCassandraClient } = await import('./cassandraClient.ts');
  const { createCassandraAuditSource } = await import('./cassandraAuditSource.ts');
  return createCassandraAuditSource(createCassandraClient(config));
};
