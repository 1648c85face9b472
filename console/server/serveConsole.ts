import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { errorFields } from '../../shared/telemetry/errorFields.ts';
import { answerRoute } from './answerRoute.ts';
import { ClientGoneError } from './clientGoneError.ts';
import { consoleRefusal } from './consoleRefusal.ts';
import { isSameText } from './isSameText.ts';
import { matchRoute, methodsOf } from './matchRoute.ts';
import { findPageFile, pageWithToken } from './findPageFile.ts';
import { chooseEncoding } from './packText.ts';
import { pagePolicy } from './pagePolicy.ts';
import { readJsonBody } from './readJsonBody.ts';
import type { Route } from './route.ts';
import { SECURITY_HEADERS } from './securityHeaders.ts';
import { sendJson, sendRefusal } from './sendJson.ts';

/** The header in which the page sends the token that it got. */
const TOKEN_HEADER = 'x-tally-token';

/** A browser opens six for each tab; a person has some tabs. */
const CONNECTIONS_MAX = 128;
const HEADERS_TIMEOUT_MS = 5_000;
const BODY_TIMEOUT_MS = 10_000;
/** How often Node looks for requests that take too long. */
const LOOK_FOR_SLOW_MS = 1_000;

interface ConsoleServerOptions {
  readonly port: number;
  readonly routes: readonly Route[];
  /** Sends frames until the client goes away, or refuses to. */
  readonly stream: (query: URLSearchParams, response: ServerResponse) => void;
  /** Gets the fields of an error that is a bug. The client gets them too, without the stack. */
  readonly onBug: (fields: Record<string, unknown>) => void;
  /** How long a client may take to send a body. Default: 10 s. */
  readonly bodyTimeoutMs?: number;
}

/**
 * The HTTP server of the console; the caller makes it listen, on 127.0.0.1 only. It answers its own page and
 * nobody else's: the Host and the Origin of every request are looked at, and a POST needs the token that the
 * page was given.
 */
export const serveConsole = (options: ConsoleServerOptions): Server => {
  const { port, stream, onBug } = options;
  const token = randomBytes(32).toString('base64url');

  const answerAll = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = parseUrl(request);
    const refusal = consoleRefusal(request.headers, port, url?.pathname === '/');
    if (refusal !== undefined) return refuse(request, response, 403, refusal);
    if (url === undefined) return refuse(request, response, 400, 'expected a path, such as /');
    if (url.pathname.startsWith('/api/') && url.pathname !== '/api/frames') {
      return answerApi(request, response, url, { ...options, token });
    }
    if (request.method !== 'GET') return refuse(request, response, 405, 'expected GET', { Allow: 'GET' });
    if (url.pathname === '/api/frames') return stream(url.searchParams, response);
    return answerFile(request, response, url.pathname, token);
  };

  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      // A body has its own, shorter limit, which answers with a sentence.
      requestTimeout: HEADERS_TIMEOUT_MS + 2 * BODY_TIMEOUT_MS,
      connectionsCheckingInterval: LOOK_FOR_SLOW_MS,
    },
    (request, response) => {
      answerAll(request, response).catch((error: unknown) => {
        if (error instanceof ClientGoneError) return;
        const { stack, ...said } = errorFields(error);
        if (stack !== undefined) onBug({ ...said, stack });
        if (response.headersSent || response.destroyed) return void response.destroy();
        const text = Object.values(said).join(': ');
        refuse(request, response, 500, text);
      });
    },
  );
  server.maxConnections = CONNECTIONS_MAX;
  return server;
};

const parseUrl = ({ url = '' }: IncomingMessage): URL | undefined =>
  // Not `//other.example/x`, which would be another host.
  /^\/(?!\/)/.test(url) && URL.canParse(url, 'http://127.0.0.1')
    ? new URL(url, 'http://127.0.0.1')
    : undefined;

type RouteOptions = Pick<ConsoleServerOptions, 'routes' | 'bodyTimeoutMs'> & { readonly token: string };

const answerApi = async (
  request: IncomingMessage,
  response: ServerResponse,
  { pathname, searchParams: query }: URL,
  { routes, token, bodyTimeoutMs = BODY_TIMEOUT_MS }: RouteOptions,
): Promise<void> => {
  const found = matchRoute(routes, request.method ?? '', pathname);
  if (found === undefined) {
    const methods = methodsOf(routes, pathname);
    if (methods.length === 0) return refuse(request, response, 404, 'there is nothing here');
    return refuse(request, response, 405, `expected ${methods.join(' or ')}`, { Allow: methods.join(', ') });
  }
  const isAct = found.route.method === 'POST';
  const given = request.headers[TOKEN_HEADER];
  if (isAct && !(typeof given === 'string' && isSameText(given, token))) {
    return refuse(request, response, 403, 'expected the token of this page: load the page again');
  }
  const aborter = new AbortController();
  response.once('close', () => aborter.abort(new ClientGoneError('the client has left')));
  const body = isAct ? await readJsonBody(request, bodyTimeoutMs) : { value: undefined };
  if ('refusal' in body) return refuse(request, response, body.refusal.status, body.refusal.error);
  const { status, value } = await answerRoute(found.route, {
    params: found.params,
    query,
    body: body.value,
    signal: aborter.signal,
  });
  sendJson(response, status, value);
};

const answerFile = async (
  request: IncomingMessage,
  response: ServerResponse,
  pathname: string,
  token: string,
): Promise<void> => {
  const file = pathname === '/' ? await pageWithToken(token) : await findPageFile(pathname);
  if (file === undefined) return refuse(request, response, 404, 'there is nothing here');
  const encoding = chooseEncoding(request.headers['accept-encoding']);
  const packed = encoding === undefined ? {} : { 'Content-Encoding': encoding };
  const policy = pathname === '/' ? { 'Content-Security-Policy': pagePolicy(file.text) } : {};
  response
    .writeHead(200, { ...SECURITY_HEADERS, ...packed, ...policy, 'Content-Type': file.type })
    .end(encoding === undefined ? file.text : file[encoding]);
};

/** A body that nobody has read would be taken for the next request, so its connection ends. */
const refuse = (
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  error: string,
  headers: Readonly<Record<string, string>> = {},
): void => {
  const hasMore = !request.complete;
  if (hasMore) response.once('finish', () => request.destroy());
  sendRefusal(response, status, error, hasMore ? { ...headers, Connection: 'close' } : headers);
};
