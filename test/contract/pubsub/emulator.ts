import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { PubSub } from '@google-cloud/pubsub';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import { afterAll, beforeAll } from 'vitest';
import type { LocalPart } from '../../../local/localPart.ts';
import { until } from '../../../proof/until.ts';
import type { KnownDifference } from './knownDifferences.ts';
import { openRestWire } from './restWire.ts';
import { openGrpcWire, type Wire, type WireName } from './wires.ts';

export const PROJECT_ID = 'tally-contract';

interface Pushed {
  readonly body: {
    readonly subscription: string;
    readonly deliveryAttempt?: number;
    readonly message: Readonly<Record<string, unknown>> & { readonly attributes?: Record<string, string> };
  };
  readonly headers: IncomingMessage['headers'];
  readonly at: number;
}

export interface Received {
  readonly ackId: string;
  readonly deliveryAttempt: number;
  readonly message: {
    readonly data: Buffer;
    readonly attributes: Record<string, string>;
    readonly messageId: string;
    readonly publishTime: { readonly seconds: string; readonly nanos: number };
    readonly orderingKey: string;
  };
}

/** What a StreamingPull has sent so far. */
export interface Stream {
  readonly write: (request: object) => void;
  readonly end: () => void;
  readonly received: () => readonly Received[];
  readonly responses: () => readonly Record<string, unknown>[];
  /** gRPC's code, once the stream is over. */
  readonly code: () => number | undefined;
  readonly cancel: () => void;
}

/** A topic and a subscription that only one test uses. */
export interface Route {
  readonly topic: string;
  readonly subscription: string;
  readonly publish: (data: string, attributes?: Record<string, string>) => Promise<string>;
  /** The pushes of this subscription so far. */
  readonly pushes: () => readonly Pushed[];
  readonly pull: (maxMessages?: number) => Promise<readonly Received[]>;
  readonly untilPulled: () => Promise<Received>;
  readonly ack: (...ackIds: readonly string[]) => Promise<unknown>;
  readonly modifyAckDeadline: (ackIds: readonly string[], ackDeadlineSeconds: number) => Promise<unknown>;
  readonly openStream: (first?: object) => Stream;
}

/** The status with which the endpoint answers a subscription's n-th push. */
type Answer = (nth: number) => number | Promise<number>;

/** The Pub/Sub under test. It runs from `beforeAll` on. */
export interface Emulator {
  /** `host:port`. */
  readonly address: () => string;
  readonly client: () => PubSub;
  /** Makes one call on the wire under test. */
  readonly call: Wire['call'];
  /** Makes a call. @returns gRPC's code, which is 0 when the call succeeds. */
  readonly codeOf: (method: string, request: object) => Promise<number>;
  /** Creates a subscription: pull unless `settings` say push, on a new topic unless one is given. */
  readonly route: (settings?: object, topic?: string) => Promise<Route>;
  /** Creates a push subscription. `answer` gives the status for its n-th push; 204 unless given. */
  readonly pushRoute: (settings?: object, answer?: Answer) => Promise<Route>;
  readonly endpointOf: (subscription: string) => string;
  /** Whether this emulator has one of the known differences from production. */
  readonly differs: (difference: KnownDifference) => boolean;
  readonly topicName: (topic: string) => string;
  readonly subscriptionName: (subscription: string) => string;
}

/** gRPC's codes: https://grpc.io/docs/guides/status-codes/ */
export const CODE = {
  OK: 0,
  CANCELLED: 1,
  INVALID_ARGUMENT: 3,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  FAILED_PRECONDITION: 9,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  UNAVAILABLE: 14,
} as const;

export const base64 = (text: string): string => Buffer.from(text).toString('base64');

/**
 * A Pub/Sub for the tests of a file, with an endpoint to push to, a client for its wire and Google's client.
 * Call it inside a `describe`.
 */
export const setUpEmulator = (
  start: () => Promise<LocalPart>,
  differences: readonly KnownDifference[] = [],
  wireName: WireName = 'grpc',
): Emulator => {
  const endpoint = createEndpoint();
  let opened: (Clients & { readonly part: LocalPart }) | undefined;
  let lastName = 0;
  const ready = () => {
    if (opened === undefined) throw new Error('only inside a test');
    return opened;
  };

  beforeAll(async () => {
    await endpoint.listen();
    const part = await start();
    opened = { part, ...openClients(part.address, wireName) };
  });
  afterAll(async () => {
    const { part, client, grpc, wire } = ready();
    await client.close();
    grpc.close();
    wire.close();
    endpoint.close();
    await part.stop();
  });

  const call: Emulator['call'] = (method, request) => ready().wire.call(method, request);
  const topicName = (topic: string): string => `projects/${PROJECT_ID}/topics/${topic}`;
  const subscriptionName = (name: string): string => `projects/${PROJECT_ID}/subscriptions/${name}`;

  const route = async (settings: object = {}, givenTopic?: string): Promise<Route> => {
    lastName += 1;
    const subscription = `subscription-${lastName}`;
    const topic = givenTopic ?? `topic-${lastName}`;
    const name = subscriptionName(subscription);
    if (givenTopic === undefined) await call('CreateTopic', { name: topicName(topic) });
    const own = 'pushConfig' in settings ? {} : { ackDeadlineSeconds: 10 };
    await call('CreateSubscription', { name, topic: topicName(topic), ...own, ...settings });
    const pull = async (maxMessages = 100): Promise<readonly Received[]> => {
      const request = { subscription: name, maxMessages, returnImmediately: true };
      return receivedIn(await call('Pull', request));
    };
    return {
      topic,
      subscription,
      publish: (data, attributes = {}) =>
        ready().publish(topicName(topic), { data: Buffer.from(data), attributes }),
      pushes: () => endpoint.pushes(subscription),
      pull,
      untilPulled: () => until('a message', async () => (await pull(1))[0]),
      ack: (...ackIds) => call('Acknowledge', { subscription: name, ackIds }),
      modifyAckDeadline: (ackIds, ackDeadlineSeconds) =>
        call('ModifyAckDeadline', { subscription: name, ackIds, ackDeadlineSeconds }),
      openStream: (first = {}) =>
        follow(ready().grpc.openStreamingPull(), {
          subscription: name,
          streamAckDeadlineSeconds: 10,
          ...first,
        }),
    };
  };

  return {
    address: () => ready().part.address,
    client: () => ready().client,
    call,
    codeOf: (method, request) =>
      call(method, request).then(
        () => CODE.OK,
        (error: { code: number }) => error.code,
      ),
    route,
    pushRoute: async (settings = {}, answer = () => 204) => {
      const subscription = `subscription-${lastName + 1}`;
      endpoint.answers.set(subscription, answer);
      const pushConfig = { pushEndpoint: endpoint.urlOf(subscription) };
      return route({ ackDeadlineSeconds: 10, pushConfig, ...settings });
    },
    endpointOf: endpoint.urlOf,
    differs: (difference) => differences.includes(difference),
    topicName,
    subscriptionName,
  };
};

interface Clients {
  readonly client: PubSub;
  readonly grpc: ReturnType<typeof openGrpcWire>;
  readonly wire: Wire;
  /** Publishes with Google's client on gRPC, which puts several messages into one request. */
  readonly publish: (topicName: string, message: { data: Buffer; attributes: object }) => Promise<string>;
}

const openClients = (address: string, wireName: WireName): Clients => {
  const client = new PubSub({ projectId: PROJECT_ID, apiEndpoint: address, emulatorMode: true });
  const grpc = openGrpcWire(address);
  if (wireName === 'grpc') {
    const publish: Clients['publish'] = (topicName, message) =>
      client.topic(topicName).publishMessage({ ...message, attributes: { ...message.attributes } });
    return { client, grpc, wire: grpc, publish };
  }
  const wire = openRestWire(address);
  const publish: Clients['publish'] = async (topic, message) => {
    const { messageIds } = await wire.call('Publish', { topic, messages: [message] });
    return (messageIds as readonly string[])[0] ?? '';
  };
  return { client, grpc, wire, publish };
};

/** An HTTP server that remembers every push, by the last part of its path. */
const createEndpoint = () => {
  const pushed = new Map<string, Pushed[]>();
  const answers = new Map<string, Answer>();
  const record = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    // An emulator that follows a redirect sends a GET.
    if (request.method !== 'POST') {
      response.writeHead(404).end();
      return;
    }
    const body = JSON.parse(Buffer.concat(await Array.fromAsync(request)).toString());
    const path = (request.url ?? '').slice(1);
    const before = pushed.get(path) ?? [];
    pushed.set(path, [...before, { body, headers: request.headers, at: performance.now() }]);
    const status = (await answers.get(path)?.(before.length)) ?? 204;
    response.writeHead(status, status === 301 ? { location: '/elsewhere' } : {}).end();
  };
  const server: Server = createServer((request, response) => void record(request, response));
  return {
    answers,
    pushes: (path: string): readonly Pushed[] => pushed.get(path) ?? [],
    urlOf: (path: string): string => {
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('the endpoint is not listening');
      return `http://127.0.0.1:${address.port}/${path}`;
    },
    listen: () => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};

const follow = (stream: ClientDuplexStream<object, Record<string, unknown>>, first: object): Stream => {
  const responses: Record<string, unknown>[] = [];
  let code: number | undefined;
  stream.on('data', (response) => responses.push(response));
  stream.on('error', () => {});
  stream.on('status', (status) => {
    code = status.code;
  });
  stream.write(first);
  return {
    write: (request) => stream.write(request),
    end: () => stream.end(),
    cancel: () => stream.cancel(),
    responses: () => responses,
    received: () => responses.flatMap(receivedIn),
    code: () => code,
  };
};

/** The protocol definitions promise this shape. */
const receivedIn = (response: Record<string, unknown>): readonly Received[] =>
  (response.receivedMessages ?? []) as readonly Received[];
