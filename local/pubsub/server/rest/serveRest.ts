import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { status } from '@grpc/grpc-js';
import { methodOf, type Services } from '../methods.ts';
import { invalidArgument, notEmulated, StatusError } from '../statusError.ts';
import { formatProtoJson } from './formatProtoJson.ts';
import type { ProtoTypes } from './protoTypes.ts';
import { readBody } from './readBody.ts';
import { readQuery } from './readQuery.ts';
import { toRestError } from './toRestError.ts';
import { refuseBroken } from './refuseBroken.ts';
import { toRequest } from './toRequest.ts';
import { createRoutes, type Routes } from './routes.ts';

/** A whole request arrives in so long. */
const REQUEST_TIMEOUT_MS = 60_000;
/** A connection that is kept for later requests is closed after so long: clients keep theirs for a minute. */
const IDLE_TIMEOUT_MS = 75_000;
const HEADER_BYTES_MAX = 16 * 1024;
/** These methods are of another service of Google's, at the paths of topics and subscriptions. */
const IAM_METHOD = /:(?:[gs]etIamPolicy|testIamPermissions)$/;

interface RestOptions {
  readonly services: Services;
  readonly types: ProtoTypes;
  /** Why a request is refused before it is looked at. Undefined: it is not. */
  readonly refuse: (headers: IncomingHttpHeaders) => string | undefined;
}

/**
 * Google's REST API over HTTP/1.1: a second wire to the methods that gRPC has. `GET /` answers `Ok`.
 * @returns a server that does not listen: it takes the connections that are handed to it.
 */
export const serveRest = (options: RestOptions): Server => {
  const routes = createRoutes(options.types, Object.keys(options.services));
  const server = createServer(
    {
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: IDLE_TIMEOUT_MS,
      maxHeaderSize: HEADER_BYTES_MAX,
    },
    (request, response) => void serve(options, routes, request, response),
  );
  server.on('clientError', refuseBroken);
  // The server does not listen itself, and Node looks for late requests only after this event.
  server.emit('listening');
  return server;
};

const serve = async (
  options: RestOptions,
  routes: Routes,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  try {
    const refusal = options.refuse(request.headers);
    if (refusal !== undefined) throw new StatusError(status.PERMISSION_DENIED, refusal);
    const url = toUrl(request.url ?? '/');
    if (url.pathname === '/' && (request.method === 'GET' || request.method === 'HEAD')) {
      response.setHeader('content-type', 'text/plain').end('Ok\n');
      return;
    }
    reply(response, 200, await answer(options, routes, request, { url, signal: gone.signal }));
  } catch (error) {
    const body = toRestError(error);
    // What is left of the request is not read. The next request on this connection would begin in it.
    if (!request.complete) response.setHeader('connection', 'close');
    reply(response, body.error.code, body);
  }
};

const toUrl = (target: string): URL => {
  const url = URL.parse(target.replace(/^\/+/, '/'), 'http://localhost');
  if (url === null) throw invalidArgument('The target of the request is not a path.');
  return url;
};

const answer = async (
  { services, types }: RestOptions,
  routes: Routes,
  request: IncomingMessage,
  { url, signal }: { readonly url: URL; readonly signal: AbortSignal },
): Promise<unknown> => {
  const verb = request.method ?? '';
  if (IAM_METHOD.test(url.pathname)) throw notEmulated('IAM');
  const route = routes.find(verb, url.pathname);
  if (route === undefined) {
    throw new StatusError(status.NOT_FOUND, `Pub/Sub has no method ${verb} ${url.pathname}.`);
  }
  const { service, method, responseType } = route;
  const { definition, methods } = services[service] ?? {};
  const bytes = definition?.[method];
  if (bytes === undefined || methods === undefined) throw new Error(`${service} has no ${method}`);

  const { query, areEnumsNumbers } = readQuery(url.searchParams);
  const json = toRequest(types, route, query, await readBody(request));
  const message: object = bytes.requestDeserialize(bytes.requestSerialize(json));
  const result = await methodOf(methods, method)(message, signal);
  const encoded: object = bytes.responseDeserialize(bytes.responseSerialize(result));
  return formatProtoJson(types, responseType, encoded, { areEnumsNumbers });
};

const reply = (response: ServerResponse, code: number, body: unknown): void => {
  response.writeHead(code, { 'content-type': 'application/json; charset=UTF-8' });
  response.end(`${JSON.stringify(body, undefined, 2)}\n`);
};
