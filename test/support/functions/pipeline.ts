import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { PubSub } from '@google-cloud/pubsub';
import { inject } from 'vitest';
import type { ConsumeKind } from '../../../local/consumeKinds.ts';
import { provision } from '../../../local/pubsub/provision.ts';
import { createPublisher } from '../../../shared/messaging/publisher.ts';
import { createByteBudget } from '../../../shared/http/byteBudget.ts';
import { createListener } from '../../../shared/http/createListener.ts';
import { type HttpHandler, toHttpHandler } from '../../../shared/http/httpHandler.ts';
import { startPulling } from '../../../shared/messaging/startPulling.ts';
import { createLog, type Log } from '../../../shared/telemetry/log.ts';
import type { ConsumerFunction, Topic } from '../../../shared/topology.ts';
import {
  type ConsumerDeps,
  createConsumerParts,
  createConsumers,
} from '../../../functions/createConsumers.ts';
import { until } from '../../../proof/until.ts';

/** One outcome line of a function. */
interface Outcome {
  readonly function: ConsumerFunction;
  readonly settlement: string;
  readonly outcome: string;
  readonly findings: readonly string[];
  readonly message_id: string;
  readonly event_id: string;
  readonly [field: string]: unknown;
}

export interface PipelineOptions extends Pick<ConsumerDeps, 'store' | 'wrapTell'> {
  /** Leaves the consumers unsubscribed until `startConsumers`. */
  readonly holdsBacklog?: boolean;
  /** Default `push`. `pull`: the worker consumes, in this process. */
  readonly consume?: ConsumeKind;
}

/** The three consumers on the run's real Pub/Sub: behind the listener of a function, or the worker. */
export interface Pipeline {
  readonly projectId: string;
  readonly urls: Readonly<Record<ConsumerFunction, string>>;
  readonly publish: (topic: Topic, body: unknown, attributes?: Record<string, string>) => Promise<string>;
  readonly startConsumers: () => Promise<void>;
  /** Goes on with the other way of delivery. */
  readonly switchTo: (consume: ConsumeKind) => Promise<void>;
  /** Resets every connection of a function. For Pub/Sub this looks as if the process died. */
  readonly dropConnections: (name: ConsumerFunction) => void;
  /** Outcome lines so far. */
  readonly outcomes: () => readonly Outcome[];
  /** Every line that was logged, as text. */
  readonly log: () => string;
  /** Waits until a message has ended like this. */
  readonly untilOutcome: (isIt: (outcome: Outcome) => boolean) => Promise<void>;
  /** Waits until so many different messages of the input topics, and all their dead letters, are acked. */
  readonly untilSettled: (messages: number, timeoutMs?: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export const startPipeline = async (options: PipelineOptions): Promise<Pipeline> => {
  const pubsub = inject('pubsub');
  if (pubsub === undefined) throw new Error('the test run has no Pub/Sub');
  const projectId = `tally-test-${randomBytes(6).toString('hex')}`;
  process.env.PUBSUB_EMULATOR_HOST = pubsub;
  const publisher = createPublisher({ projectId, environment: undefined });
  const lines: string[] = [];
  const outcomes: Outcome[] = [];
  const write = (line: string): void => {
    lines.push(line);
    const outcome = parseOutcome(line);
    if (outcome !== undefined) outcomes.push(outcome);
  };
  const { consume = 'push', holdsBacklog = false } = options;
  const log = (consumer: ConsumerFunction) => createLog(consumer, 'debug', { write });
  const deps = { ...options, publisher, clock: Date.now, log };
  const consumers = createConsumers({ ...deps, projectId });

  const servers = new Map<ConsumerFunction, Server>();
  const serve = async (name: ConsumerFunction): Promise<string> => {
    const server = await listen(toHttpHandler(consumers[name]), log(name));
    servers.set(name, server);
    return addressOf(server);
  };
  const urls = {
    onOrder: await serve('onOrder'),
    onPayment: await serve('onPayment'),
    onDlq: await serve('onDlq'),
  };
  // No retry policy: then a nacked message comes again after a tenth of a second.
  const topology = { projectId, pubsub, isGoogleEmulator: true };
  const delivery = createDelivery({ ...topology, functionUrls: urls }, createConsumerParts(deps));
  const startConsumers = () => delivery.switchTo(consume);
  await (holdsBacklog ? delivery.stop() : startConsumers());

  const producer = new PubSub({ projectId, apiEndpoint: pubsub, emulatorMode: true });
  return {
    projectId,
    urls,
    startConsumers,
    switchTo: delivery.switchTo,
    dropConnections: (name) => servers.get(name)?.closeAllConnections(),
    outcomes: () => outcomes,
    log: () => lines.join(''),
    publish: (topic, body, attributes = {}) =>
      producer.topic(topic).publishMessage({ data: toBytes(body), attributes }),
    untilOutcome: async (isIt) => {
      await until('an outcome', () => outcomes.some(isIt));
    },
    untilSettled: async (messages, timeoutMs) => {
      await until(`${messages} settled messages`, () => isSettled(outcomes, messages), timeoutMs);
    },
    stop: async () => {
      await delivery.stop();
      await producer.close();
      for (const server of servers.values()) {
        server.closeAllConnections();
        server.close();
      }
      await publisher.close();
    },
  };
};

/** Either way of delivery, one at a time. */
const createDelivery = (topology: Parameters<typeof provision>[0], parts: PullParts) => {
  const { projectId, pubsub } = topology;
  let pulling: Awaited<ReturnType<typeof startPulling>> | undefined;
  const stop = async (): Promise<void> => {
    await pulling?.drain();
    pulling = undefined;
    await provision({ ...topology, functionUrls: {} });
  };
  const switchTo = async (consume: ConsumeKind): Promise<void> => {
    await stop();
    if (consume === 'push') return provision(topology);
    const config = { projectId, pubsubEmulatorHost: pubsub, environment: undefined };
    pulling = await startPulling({ config, parts });
  };
  return { switchTo, stop };
};

type PullParts = Parameters<typeof startPulling>[0]['parts'];

const listen = async (handle: HttpHandler, log: Log): Promise<Server> => {
  const answer = createListener({ name: 'test', handle, log, budget: createByteBudget(), isLocal: true });
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
};

const addressOf = (server: Server): string => {
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('the server does not listen on a port');
  return `http://127.0.0.1:${address.port}`;
};

/**
 * A plain object becomes JSON, in which a bigint is a number with all digits. Bytes and texts stay as they
 * are.
 */
const toBytes = (body: unknown): Buffer => {
  if (body instanceof Uint8Array) return Buffer.from(body);
  if (typeof body === 'string') return Buffer.from(body);
  const json = JSON.stringify(body, (_key, value: unknown) =>
    typeof value === 'bigint' ? `bigint:${value}` : value,
  );
  return Buffer.from(json.replace(/"bigint:(\d+)"/g, '$1'));
};

const parseOutcome = (line: string): Outcome | undefined => {
  const parsed = JSON.parse(line);
  if (parsed.message !== 'message settled') return undefined;
  return { ...parsed, function: parsed['logging.googleapis.com/labels'].function };
};

/** Each delivery of a duplicate makes another dead letter. So the test counts dead letters. */
const isSettled = (outcomes: readonly Outcome[], messages: number): boolean => {
  const settled = outcomes.filter(({ settlement }) => settlement !== 'retry');
  const inputs = settled.filter((outcome) => outcome.function !== 'onDlq');
  const byDlq = Map.groupBy(
    settled.filter((outcome) => outcome.function === 'onDlq'),
    ({ event_id }) => event_id,
  );
  const deadLetters = Map.groupBy(
    inputs.filter(({ outcome, findings }) => ['invalid', 'parked'].includes(outcome) || findings.length > 0),
    ({ event_id }) => event_id,
  );
  return (
    new Set(inputs.map(({ message_id }) => message_id)).size >= messages &&
    [...deadLetters].every(
      ([eventId, { length }]) =>
        new Set(byDlq.get(eventId)?.map(({ message_id }) => message_id)).size >= length,
    )
  );
};
