import type { OutgoingMessage } from '../../shared/messaging/publisher.ts';
import type { PushAnswer, PushRequest } from '../../shared/messaging/pushEndpoint.ts';
import { createMemoryStore } from '../../shared/store/memoryStore.ts';
import { createLog, type Log } from '../../shared/telemetry/log.ts';
import { type ConsumerFunction, SUBSCRIPTIONS, type Topic } from '../../shared/topology.ts';
import { type ConsumerDeps, createConsumers } from '../../functions/createConsumers.ts';

const CLOCK_MS = 1_705_831_260_000;
export const CONSUMERS: readonly [ConsumerFunction, ...ConsumerFunction[]] = [
  'onOrder',
  'onPayment',
  'onDlq',
];

/** A planted bug: a part of the product that a test breaks on purpose, to see that a suite finds it. */
export interface PlantedBug extends Pick<ConsumerDeps, 'wrapHandler' | 'wrapTell'> {
  readonly wrapLog?: (log: Log) => Log;
}

export interface Published extends OutgoingMessage {
  readonly topic: Topic;
}

/**
 * The three consumers with their real handlers, logs and dead letters. The tables in memory are theirs alone.
 */
export interface World {
  readonly store: ReturnType<typeof createMemoryStore>;
  readonly published: readonly Published[];
  readonly lines: readonly string[];
  readonly push: (consumer: ConsumerFunction, request: PushRequest) => Promise<PushAnswer>;
}

/**
 * A new log costs more time than a message, so all worlds share three logs. Only the newest world gets lines.
 */
const sink: { lines: string[] } = { lines: [] };
const toLog = (name: ConsumerFunction): Log =>
  createLog(name, 'debug', { write: (line) => sink.lines.push(line) });
const LOGS = { onOrder: toLog('onOrder'), onPayment: toLog('onPayment'), onDlq: toLog('onDlq') };

export const createWorld = (bug: PlantedBug = {}, projectId = 'tally-fuzz'): World => {
  const store = createMemoryStore();
  const published: Published[] = [];
  const lines: string[] = [];
  sink.lines = lines;
  const publish = async (topic: Topic, message: OutgoingMessage): Promise<string> => {
    published.push({ topic, ...message });
    return String(published.length);
  };
  const consumers = createConsumers({
    ...bug,
    store,
    publisher: { publish },
    clock: () => CLOCK_MS,
    log: (consumer) => bug.wrapLog?.(LOGS[consumer]) ?? LOGS[consumer],
    projectId,
  });
  return { store, published, lines, push: (consumer, request) => consumers[consumer](request) };
};

/** A message as a producer publishes it. */
export interface PushedMessage {
  readonly topic: Topic;
  readonly publishedAtMs: number;
  readonly data: Uint8Array;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Pushes a message of a topic to its consumer, as Pub/Sub would. */
export const pushMessage = (
  world: World,
  { topic, publishedAtMs, data, attributes = {} }: PushedMessage,
): Promise<PushAnswer> => {
  const spec = SUBSCRIPTIONS.find((each) => each.topic === topic);
  if (spec === undefined) throw new Error(`nobody subscribes to ${topic}`);
  return world.push(spec.consumer, {
    method: 'POST',
    headers: {},
    rawBody: Buffer.from(
      JSON.stringify({
        subscription: `projects/p/subscriptions/${spec.name}`,
        message: {
          data: Buffer.from(data).toString('base64'),
          attributes,
          messageId: '7002',
          publishTime: new Date(publishedAtMs).toISOString(),
        },
      }),
    ),
  });
};

/** A dead letter is published later than the message that it is about. */
const LATER_MS = Date.UTC(9999, 11, 31);

/** Pushes a published dead letter on to `onDlq`. */
export const pushOn = (world: World, { topic, data, attributes = {} }: Published): Promise<PushAnswer> =>
  pushMessage(world, { topic, data, attributes, publishedAtMs: LATER_MS });
