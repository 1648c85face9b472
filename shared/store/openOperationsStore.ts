import type { Config } from '../config.ts';
import { openByKind } from './openByKind.ts';
import type { OperationsStore } from './operationsStore.ts';
import type { Store } from './store.ts';

/** What a command of an operator works with: both ports, on one connection. `close` closes it. */
export type OpenedStore = Pick<Store, 'recordEntry' | 'findEntries' | 'showOrder' | 'recordDeadLetter'> &
  OperationsStore;

/** Opens the store that the configuration names. An operator's commands use it. */
export const openOperationsStore = (config: Config['store']): Promise<OpenedStore> =>
  openByKind(config, async (client) => {
    const { createCassandraStore } = await import('./cassandraStore.ts');
    const { createCassandraOperationsStore } = await import('./cassandraOperationsStore.ts');
    return { ...createCassandraStore(client), ...createCassandraOperationsStore(client) };
  });
