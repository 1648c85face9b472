import type { Config } from '../config.ts';
import { openByKind } from './openByKind.ts';
import type { Store } from './store.ts';

/** Opens the store that the configuration names, for what handles messages. */
export const openStore = (config: Config['store']): Promise<Store> =>
  openByKind(config, async (client) => {
    const { createCassandraStore } = await import('./cassandraStore.ts');
    return createCassandraStore(client);
  });
