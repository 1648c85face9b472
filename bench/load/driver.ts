/**
 * A process that sends statements to Cassandra, started with `fork`. `driver` sends the product's own
 * statements through the bare driver, `store` makes the same calls at the port of the store, and `handlers`
 * runs the handlers on it.
 */
import { loadConfig } from '../../shared/config.ts';
import { createCassandraClient } from '../../shared/store/driver/cassandraClient.ts';
import { createCassandraStore } from '../../shared/store/cassandraStore.ts';
import { declinedBody, type EventKind } from './eventKinds.ts';
import type { DriverResult, DriverTask } from './startDriver.ts';
import { createHandle, eventOf } from './createHandle.ts';
import { patternOf, replay } from './patternOf.ts';

const config = loadConfig();
if (config.store.kind !== 'cassandra') throw new Error('expected a Cassandra');
const client = createCassandraClient(config.store);
const store = createCassandraStore(client);
const handle = createHandle(store);
const connection = await client.connect();

/** One call for each event, all made before the clock starts. */
const jobsOf = async ({
  mode,
  kinds,
  firstOrderId,
  orders,
  declined = 0,
}: DriverTask): Promise<(() => Promise<unknown>)[]> => {
  const makers = await Promise.all(kinds.map((kind) => makerOf(mode, kind)));
  return Array.from({ length: orders }, (_, order) => [
    ...makers.map((make) => make(firstOrderId + order)),
    ...Array.from({ length: declined }, (_none, payment) => declinedJob(firstOrderId + order, payment)),
  ]).flat();
};

const declinedJob = (orderId: number, payment: number) => {
  const event = eventOf('matched payment', orderId, declinedBody(orderId, payment));
  return () => handle('matched payment', event);
};

const makerOf = async (mode: DriverTask['mode'], kind: EventKind) => {
  if (mode === 'handlers') {
    return (orderId: number) => {
      const event = eventOf(kind, orderId);
      return () => handle(kind, event);
    };
  }
  const pattern = await patternOf(client, kind, mode);
  const target = mode === 'driver' ? connection : store;
  return (orderId: number) => () => replay(target, pattern, orderId);
};

const run = async (task: DriverTask): Promise<DriverResult> => {
  const jobs = await jobsOf(task);
  let failed = 0;
  let error: string | undefined;
  let next = 0;
  const workOn = async (): Promise<void> => {
    for (let job = jobs[next]; job !== undefined; job = jobs[next]) {
      next += 1;
      await job().catch((cause: unknown) => {
        failed += 1;
        error = String(cause);
      });
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: task.inFlight }, workOn));
  return { ms: performance.now() - startedAt, failed, error };
};

process.on('message', (task: DriverTask) => {
  void run(task).then((result) => process.send?.(result));
});
process.send?.('ready');
