import { createCassandraAuditSource } from '../../../shared/store/cassandraAuditSource.ts';
import type { CassandraClient } from '../../../shared/store/driver/cassandraClient.ts';
import { createCassandraStore } from '../../../shared/store/cassandraStore.ts';
import type { AuditSource } from '../../../shared/store/auditSource.ts';
import type { Store } from '../../../shared/store/store.ts';
import { createTestKeyspace } from './testKeyspace.ts';

export type Write = () => Promise<void>;
export type StoreAndSource = {
  readonly store: Store;
  readonly source: AuditSource;
  readonly client: CassandraClient;
};

const WRITES_AT_ONCE = 256;

export const writeAll = async (writes: readonly Write[]): Promise<void> => {
  const left = writes.values();
  const worker = async (): Promise<void> => {
    for (const write of left) await write();
  };
  await Promise.all(Array.from({ length: WRITES_AT_ONCE }, worker));
};

export const openCassandra = async (): Promise<StoreAndSource> => {
  const { client } = await createTestKeyspace();
  return { store: createCassandraStore(client), source: createCassandraAuditSource(client), client };
};

export const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
