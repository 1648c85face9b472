import { createOnDlq } from '../../functions/onDlq/handler.ts';
import { createOnOrder } from '../../functions/onOrder/handler.ts';
import { createOnPayment } from '../../functions/onPayment/handler.ts';
import type { CassandraConfig } from '../../shared/config.ts';
import { createPushEndpoint, type Handler } from '../../shared/messaging/pushEndpoint.ts';
import { createCassandraClient } from '../../shared/store/cassandraClient.ts';
import { createCassandraStore } from '../../shared/store/cassandraStore.ts';
import { createLog } from '../../shared/telemetry/log.ts';
import type { ConsumerFunction } from '../../shared/topology.ts';
import { type CqlProxy, startCqlProxy } from './cqlProxy.ts';
import type { LogLine } from './recordingLog.ts';
import { pushOf, type WireMessage } from './wireMessages.ts';

/** The three consumers in this process, from the push to the driver, on a connection that a test can harm. */
export interface WireStack {
  readonly proxy: CqlProxy;
  /** Pushes a message and returns the status that Pub/Sub would get. */
  readonly push: (message: WireMessage) => Promise<number>;
  /** Outcome lines so far. */
  readonly outcomes: () => readonly LogLine[];
  /** Drops the outcome lines so far, for a test that looks at memory. */
  readonly forgetLines: () => void;
  readonly stop: () => Promise<void>;
}

/** When everything is recorded and marked, so that two runs can be compared. */
const NOW_MS = Date.UTC(2026, 10, 24);

/** @param config of the real Cassandra, with a keyspace that has its tables. */
export const startWireStack = async (config: CassandraConfig): Promise<WireStack> => {
  const proxy = await startCqlProxy(config.port);
  const store = createCassandraStore(createCassandraClient({ ...config, port: proxy.port }));
  let recorded: string[] = [];
  const log = createLog('wire', 'debug', { write: (line) => recorded.push(line) });
  const clock = () => NOW_MS;
  const onOrder = createOnOrder({ store, clock });
  const handlers: Readonly<Record<ConsumerFunction, Handler>> = {
    onOrder,
    onPayment: createOnPayment({ store }),
    onDlq: createOnDlq({ store, handleOrder: onOrder, clock }),
  };
  const endpointOf = (consumer: ConsumerFunction) =>
    createPushEndpoint({
      consumer,
      handle: handlers[consumer],
      // Pub/Sub is not what is harmed here.
      publishDeadLetter: consumer === 'onDlq' ? undefined : async () => {},
      log,
      projectId: undefined,
    });
  const endpoints = {
    onOrder: endpointOf('onOrder'),
    onPayment: endpointOf('onPayment'),
    onDlq: endpointOf('onDlq'),
  };
  return {
    proxy,
    push: async (message) => (await endpoints[message.to](pushOf(message))).status,
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
