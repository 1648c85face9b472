import { afterAll, beforeAll } from 'vitest';
import type { CassandraConfig } from '../../../shared/config.ts';
import { createCassandraAuditSource } from '../../../shared/store/cassandraAuditSource.ts';
import type { CassandraClient } from '../../../shared/store/driver/cassandraClient.ts';
import { createCassandraStore } from '../../../shared/store/cassandraStore.ts';
import type { AuditSource, OrderRecord } from '../../../shared/store/auditSource.ts';
import type { Store } from '../../../shared/store/store.ts';
import { createTestKeyspace } from '../cassandra/testKeyspace.ts';
import { type Pipeline, type PipelineOptions, startPipeline } from './pipeline.ts';

/** What an integration test works with. It is ready from `beforeAll` on. */
interface Integration {
  readonly config: () => CassandraConfig;
  readonly client: () => CassandraClient;
  readonly store: () => Store;
  readonly source: () => AuditSource;
  /** Starts a pipeline on this file's keyspace. It is stopped after the test. */
  readonly start: (options?: Partial<PipelineOptions>) => Promise<Pipeline>;
  /** An order id that no other test of the file uses. */
  readonly nextOrderId: () => number;
  readonly recordOf: (orderId: number | bigint) => Promise<OrderRecord>;
}

/** A keyspace for a test file, and pipelines on it. Call it inside the `describe` that needs Cassandra. */
export const setUpIntegration = (): Integration => {
  let opened:
    { config: CassandraConfig; client: CassandraClient; store: Store; source: AuditSource } | undefined;
  let lastOrderId = 0;
  const pipelines: Pipeline[] = [];
  const ready = () => {
    if (opened === undefined) throw new Error('only inside a test');
    return opened;
  };

  beforeAll(async () => {
    const { config, client } = await createTestKeyspace();
    const source = createCassandraAuditSource(client);
    opened = { config, client, store: createCassandraStore(client), source };
  });
  afterAll(async () => {
    await Promise.all(pipelines.map((pipeline) => pipeline.stop()));
    await opened?.store.close();
  });

  return {
    config: () => ready().config,
    client: () => ready().client,
    store: () => ready().store,
    source: () => ready().source,
    start: async (options = {}) => {
      const pipeline = await startPipeline({
        store: ready().store,
        ...options,
      });
      pipelines.push(pipeline);
      return pipeline;
    },
    nextOrderId: () => {
      lastOrderId += 1;
      return lastOrderId;
    },
    recordOf: (orderId) => ready().source.findOrderRecord(BigInt(orderId)),
  };
};
