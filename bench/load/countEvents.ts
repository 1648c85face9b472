/**
 * A process that handles events one after the other and counts what each costs, started with `fork`. It has
 * the real consumers, store, driver and publisher. The counts are exact, and the same in every run, except
 * the allocations, which the engine samples. Its arguments are the kinds, each after those that it needs.
 */
import type { HeapProfiler } from 'node:inspector';
import { Session } from 'node:inspector/promises';
import { createConsumers } from '../../functions/createConsumers.ts';
import { loadConfig } from '../../shared/config.ts';
import { createPublisher } from '../../shared/messaging/publisher.ts';
import { type CassandraClient, createCassandraClient } from '../../shared/store/driver/cassandraClient.ts';
import { createCassandraStore } from '../../shared/store/cassandraStore.ts';
import { createLog } from '../../shared/telemetry/log.ts';
import { startByteCounter } from './startByteCounter.ts';
import { type EventKind, KIND_SPECS, pushBodyOf } from './eventKinds.ts';
import type { EventCounts } from './countKinds.ts';
import { internodeBytes } from './internodeBytes.ts';

const SAMPLE_EVERY_BYTES = 4_096;
const EVENTS = 200;
/** Code that is not compiled yet allocates more. */
const WARM_UP_EVENTS = 300;
const FIRST_ORDER = 500_000_000;
const ORDERS_APART = 10_000;

const { store: config, ...publisherConfig } = loadConfig();
if (config.kind !== 'cassandra') throw new Error('expected a Cassandra');
const counter = await startByteCounter(config.port, config.contactPoints);
const count = { statements: 0, publishes: 0, publishedBytes: 0, logBytes: 0 };

const counting = (client: CassandraClient): CassandraClient => ({
  connect: async () =>
    new Proxy(await client.connect(), {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        if (name === 'execute' || name === 'batch') count.statements += 1;
        return value.bind(target) as unknown;
      },
    }),
  close: () => client.close(),
});

const client = createCassandraClient({ ...config, port: counter.port });
const publisher = createPublisher(publisherConfig);
const consumers = createConsumers({
  store: createCassandraStore(counting(client)),
  publisher: {
    publish: (topic, message) => {
      count.publishes += 1;
      const { data, attributes = {} } = message;
      count.publishedBytes += data.byteLength + JSON.stringify(attributes).length;
      return publisher.publish(topic, message);
    },
  },
  clock: Date.now,
  log: createLog('bench', 'info', {
    write: (line) => {
      count.logBytes += line.length;
    },
  }),
});
const kinds = process.argv.slice(2) as EventKind[];
const session = new Session();
session.connect();

const handleAll = async (kind: EventKind, first: number, events: number): Promise<number> => {
  let bytes = 0;
  for (let order = first; order < first + events; order += 1) {
    const rawBody = Buffer.from(pushBodyOf(kind, order, Date.now()));
    bytes += rawBody.byteLength;
    const { status } = await consumers[KIND_SPECS[kind].consumer]({ method: 'POST', headers: {}, rawBody });
    if (status !== 204) throw new Error(`expected 204 for ${kind}, got ${status}`);
  }
  return bytes;
};

const allocatedBytes = async (work: () => Promise<void>): Promise<number> => {
  const options = { includeObjectsCollectedByMajorGC: true, includeObjectsCollectedByMinorGC: true };
  await session.post('HeapProfiler.startSampling', { samplingInterval: SAMPLE_EVERY_BYTES, ...options });
  await work();
  const { profile } = await session.post('HeapProfiler.stopSampling');
  return bytesBelow(profile.head);
};

type SamplingNode = HeapProfiler.SamplingHeapProfileNode;

const bytesBelow = ({ selfSize, children }: SamplingNode): number =>
  children.reduce((sum, child) => sum + bytesBelow(child), selfSize);

/** Kinds that follow each other are about the same orders. */
const firstOrderOf = (kind: EventKind): number => {
  const { after } = KIND_SPECS[kind];
  return after === undefined ? FIRST_ORDER + kinds.indexOf(kind) * ORDERS_APART : firstOrderOf(after);
};

const countKind = async (kind: EventKind): Promise<EventCounts> => {
  const start = firstOrderOf(kind);
  await handleAll(kind, start, WARM_UP_EVENTS);
  const connection = await client.connect();
  const internodeBefore = await internodeBytes(connection);
  const [before, bytesBefore] = [{ ...count }, counter.bytes()];
  let pushBytes = 0;
  const allocated = await allocatedBytes(async () => {
    pushBytes = await handleAll(kind, start + WARM_UP_EVENTS, EVENTS);
  });
  const bytes = counter.bytes();
  return {
    kind,
    statements: (count.statements - before.statements) / EVENTS,
    cassandraBytes: (bytes - bytesBefore) / EVENTS,
    internodeBytes: ((await internodeBytes(connection)) - internodeBefore) / EVENTS,
    pushBytes: pushBytes / EVENTS,
    publishes: (count.publishes - before.publishes) / EVENTS,
    publishedBytes: (count.publishedBytes - before.publishedBytes) / EVENTS,
    logBytes: (count.logBytes - before.logBytes) / EVENTS,
    allocatedBytes: allocated / EVENTS,
  };
};

const counts: EventCounts[] = [];
for (const kind of kinds) counts.push(await countKind(kind));
process.send?.(counts);
