import type { Config } from '../config.ts';
import type { OperationsStore } from './operationsStore.ts';
import type { Store } from './store.ts';

/** What a command of an operator works with: both ports, on one connection. `close` closes it. */
export type OpenedStore = Pick<Store, 'recordEntry' | 'findEntries' | 'showOrder' | 'recordDeadLetter'> &
  OperationsStore;

/** Opens the store that the configuration names. The code of the other kind of store is never loaded. */
export const openOperationsStore = async (config: Config['store']): Promise<OpenedStore> => {
  if (config.kind === 'memory') {
    const { createMemoryStoreClient } = await import('./memoryStoreClient.ts');
    return createMemoryStoreClient(config.url);
  }
  const { createCassandraClient } = await import('./cassandraClient.ts');
  const { createCassandraStore } = await import('./cassandraStore.ts');
  const { createCassandraOperationsStore } = await import('./cassandraOperationsStore.ts');
  const client = createCassandraClient(config);
  return { ...createCassandraStore(client), ...createCassandraOperationsStore(client) };
};
