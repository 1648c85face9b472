import type { Config } from '../config.ts';
import type { CassandraClient } from './driver/cassandraClient.ts';
import type { OperationsStore } from './operationsStore.ts';
import type { Store } from './store.ts';

/**
 * Opens the kind of store that the configuration names. The code of the other kind is never loaded. The
 * in-memory store has every port, so it is the same for all callers.
 * @param openCassandra makes the ports that the caller needs, on a client that is not connected yet.
 */
export const openByKind = async <Ports>(
  config: Config['store'],
  openCassandra: (client: CassandraClient) => Promise<Ports>,
): Promise<Ports | (Store & OperationsStore)> => {
  if (config.kind === 'memory') {
    const { createMemoryStoreClient } = await import('./memoryStoreClient.ts');
    return createMemoryStoreClient(config.url);
  }
  const { createCassandraClient } = await import('./driver/cassandraClient.ts');
  return openCassandra(createCassandraClient(config));
};
