import { Agent, type IncomingMessage, request as httpRequest } from 'node:http';
import { status } from '@grpc/grpc-js';
import type { Wire } from './wires.ts';

const SOCKETS_MAX = 50;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Google's REST paths, written down from https://cloud.google.com/pubsub/docs/reference/rest and not taken
 * from the protocol definitions, as the server's are. A name in braces is a field of the request.
 */
const CALLS: Readonly<Record<string, string>> = {
  CreateTopic: 'PUT {name}',
  GetTopic: 'GET {topic}',
  UpdateTopic: 'PATCH {topic.name}',
  DeleteTopic: 'DELETE {topic}',
  ListTopics: 'GET {project}/topics',
  ListTopicSubscriptions: 'GET {topic}/subscriptions',
  DetachSubscription: 'POST {subscription}:detach',
  Publish: 'POST {topic}:publish',
  CreateSubscription: 'PUT {name}',
  GetSubscription: 'GET {subscription}',
  UpdateSubscription: 'PATCH {subscription.name}',
  DeleteSubscription: 'DELETE {subscription}',
  ListSubscriptions: 'GET {project}/subscriptions',
  Pull: 'POST {subscription}:pull',
  Acknowledge: 'POST {subscription}:acknowledge',
  ModifyAckDeadline: 'POST {subscription}:modifyAckDeadline',
  ModifyPushConfig: 'POST {subscription}:modifyPushConfig',
  Seek: 'POST {subscription}:seek',
};

/** Puts a request into a path, and the rest of it into the query or the body. */
const toCall = (method: string, request: Fields) => {
  const [verb = '', template = ''] = CALLS[method]?.split(' ') ?? [];
  if (verb === '') throw new Error(`no method ${method}`);
  const [first = '', second] = /\{(?<field>[\w.]+)\}/.exec(template)?.[1]?.split('.') ?? [];
  const { [first]: inPath, ...rest } = request;
  const name = second === undefined ? inPath : (inPath as Fields)[second];
  const path = template.replace(/\{.*\}/, String(name));
  if (verb === 'GET' || verb === 'DELETE') return { verb, path: `${path}${query(rest)}`, body: undefined };
  return { verb, path, body: second === undefined ? rest : request };
};

const query = (fields: Fields): string => {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== '');
  const parameters = given.map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`);
  return given.length === 0 ? '' : `?${parameters.join('&')}`;
};

/**
 * Makes calls over REST. Requests and answers have gRPC's shape, so that one test serves both wires: this
 * turns them into Google's JSON and back.
 * @param address `host:port`.
 */
export const openRestWire = (address: string): Wire => {
  const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS_MAX });
  return {
    call: async (method, request) => {
      const { verb, path, body } = toCall(method, toJson(request) as Fields);
      const answer = await send(agent, `http://${address}/v1/${path}`, verb, body);
      return { nextPageToken: '', ...fromJson(answer) };
    },
    close: () => agent.destroy(),
  };
};

const send = (agent: Agent, url: string, method: string, body: object | undefined): Promise<Fields> => {
  const { promise, resolve, reject } = Promise.withResolvers<Fields>();
  const headers = { 'content-type': 'application/json' };
  const sent = httpRequest(url, { method, agent, headers }, (response) => {
    readAnswer(response).then(resolve, reject);
  });
  sent.on('error', reject);
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  return promise;
};

const readAnswer = async (response: IncomingMessage): Promise<Fields> => {
  const json = JSON.parse(Buffer.concat(await Array.fromAsync(response)).toString());
  if (response.statusCode !== 200) throw toError(json.error, response.statusCode);
  return json;
};

/** Google's error body: `{"code":404,"message":"…","status":"NOT_FOUND"}`. */
const toError = (error: { code: number; message: string; status: string }, httpStatus?: number): Error => {
  if (error.code !== httpStatus) throw new Error(`the body says ${error.code}, and HTTP ${httpStatus}`);
  const code = status[error.status as keyof typeof status];
  return Object.assign(new Error(`${code} ${error.message}`), { code, details: error.message });
};

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** gRPC's bytes, durations and masks, as Google's JSON has them. */
const toJson = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(toJson);
  if (!isFields(value)) return value;
  if ('seconds' in value) return `${String(value.seconds)}s`;
  if ('paths' in value) {
    const paths = value.paths as readonly string[];
    return paths.map((path) => path.replace(/_./g, (text) => text.charAt(1).toUpperCase())).join(',');
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key, key === 'time' ? toTimestamp(field) : toJson(field)]),
  );
};

const toTimestamp = (time: unknown): string =>
  new Date(Number((time as Fields).seconds) * 1_000).toISOString();

const DURATIONS = ['minimumBackoff', 'maximumBackoff', 'messageRetentionDuration', 'ttl'];

/** Google's JSON, with the shapes and the defaults of gRPC that the tests look at. */
const fromJson = (json: Fields): Record<string, unknown> => {
  const fields = Object.entries(json).map(([key, value]): [string, unknown] => {
    if (key === 'data') return [key, Buffer.from(String(value), 'base64')];
    if (DURATIONS.includes(key)) return [key, { seconds: String(value).replace('s', '') }];
    if (key === 'publishTime') {
      const ms = Date.parse(String(value));
      return [key, { seconds: String(Math.floor(ms / 1_000)), nanos: (ms % 1_000) * 1e6 }];
    }
    if (key === 'pushConfig') return [key, { pushEndpoint: '', ...(value as object) }];
    if (key === 'message') return [key, { attributes: {}, orderingKey: '', ...fromJson(value as Fields) }];
    if (key === 'receivedMessages') {
      return [key, (value as Fields[]).map((one) => ({ deliveryAttempt: 0, ...fromJson(one) }))];
    }
    return [key, isFields(value) ? fromJson(value) : value];
  });
  return Object.fromEntries(fields);
};
