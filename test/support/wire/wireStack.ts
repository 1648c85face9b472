import type { CassandraConfig } from '../../../shared/config.ts';
import { createCassandraClient } from '../../../shared/store/driver/cassandraClient.ts';
import { createCassandraStore } from '../../../shared/store/cassandraStore.ts';
import { createLog } from '../../../shared/telemetry/log.ts';
import { createConsumers } from '../../../functions/createConsumers.ts';
import { type CqlProxy, startCqlProxy } from './cqlProxy.ts';
import type { LogLine } from '../functions/recordingLog.ts';
import { pushOf, type WireMessage } from './wireMessages.ts';

/**
 * The three consumers in this process, from the push to the driver. A test can put faults into their
 * connection.
 */
export interface WireStack {
  readonly proxy: CqlProxy;
  /** Pushes a message and returns the status that Pub/Sub would get. */
  readonly push: (message: WireMessage) => Promise<number>;
  /** The outcome lines so far. */
  readonly outcomes: () => readonly LogLine[];
  /** Drops the outcome lines so far. A test that measures memory needs this. */
  readonly forgetLines: () => void;
  readonly stop: () => Promise<void>;
}

/** The time of all clocks, so that two runs write the same and can be compared. */
const NOW_MS = Date.UTC(2026, 10, 24);

/** @param config of the real Cassandra. Its keyspace must have the tables. */
export const startWireStack = async (config: CassandraConfig): Promise<WireStack> => {
  const proxy = await startCqlProxy(config.port);
  const store = createCassandraStore(createCassandraClient({ ...config, port: proxy.port }));
  let recorded: string[] = [];
  const log = createLog('wire', 'debug', { write: (line) => recorded.push(line) });
  const consumers = createConsumers({
    store,
    // These tests have no faults in Pub/Sub.
    publisher: { publish: async () => '1' },
    clock: () => NOW_MS,
    log,
  });
  return {
    proxy,
    push: async (message) => (await consumers[message.to](pushOf(message))).status,
    outcomes: () =>
      recorded
        .map((line): LogLine => JSON.parse(line))
        .filter(({ message }) => message === 'message settled'),
    forgetLines: () => {
      recorded = [];
    },
    stop: async () => {
      await store.close();
      await proxy.stop();
    },
  };
};
