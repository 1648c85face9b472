import diagnosticsChannel from 'node:diagnostics_channel';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { type HttpFunction, http } from '@google-cloud/functions-framework';
import { DRAIN_TIMEOUT_MS } from '../deadlines.ts';
import type { Log } from '../telemetry/log.ts';
import type { PushAnswer, PushRequest } from './pushEndpoint.ts';

interface ServedFunction {
  /** The name under which the Functions Framework finds the function, its `--target`. */
  readonly name: string;
  readonly handle: HttpFunction;
  readonly log: Log;
  /**
   * Closes what the function opened. It is called once, after the last request or after `DRAIN_TIMEOUT_MS`.
   */
  readonly close: () => Promise<unknown>;
}

/**
 * Registers an HTTP function with the Functions Framework, and replaces two things that the framework does
 * badly. The framework parses a body by its content type and encoding. When it cannot parse one, it answers
 * by itself and logs a text that quotes the body. Here, every body stays raw. On SIGTERM, the framework
 * resets the requests in flight. Here, they get `DRAIN_TIMEOUT_MS` to finish.
 */
export const serveFunction = ({ name, handle, log, close }: ServedFunction): void => {
  const traffic = watchTraffic();
  http(name, handle);
  drainOnSignal(async (signal) => {
    log.info({ signal, requests_in_flight: traffic.inFlight() }, 'draining');
    const isIdle = await traffic.drain(DRAIN_TIMEOUT_MS);
    if (!isIdle) log.warn({ requests_in_flight: traffic.inFlight() }, 'gave up on requests in flight');
    await close();
    log.info({}, 'drained');
  });
};

/** Turns a push endpoint into an HTTP function. */
export const toHttpFunction =
  (answer: (request: PushRequest) => Promise<PushAnswer>): HttpFunction =>
  async (request, response) => {
    const { status, error } = await answer(request);
    if (status === 405) response.set('Allow', 'POST');
    response.status(status);
    if (error === undefined) response.end();
    else response.json({ error });
  };

interface Traffic {
  readonly inFlight: () => number;
  /**
   * Accepts no more connections. Resolves to true once no request is in flight, and to false when that takes
   * longer than `timeoutMs`.
   */
  readonly drain: (timeoutMs: number) => Promise<boolean>;
}

/** What Node publishes on the channel. Node's types declare it as unknown. */
interface RequestStart {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly server: Server;
}

/** Counts the requests in flight, and makes the framework deliver every body raw. */
const watchTraffic = (): Traffic => {
  const servers = new Set<Server>();
  const responses = new Set<ServerResponse>();
  let isDraining = false;
  let onIdle: (() => void) | undefined;

  // Node publishes it before the request reaches the framework:
  // https://nodejs.org/api/diagnostics_channel.html#http.
  diagnosticsChannel.subscribe('http.server.request.start', (message) => {
    const { request, response, server } = message as RequestStart;
    request.headers['content-type'] = 'application/octet-stream';
    // The framework would unpack up to 1 GiB into memory before our limits apply. Pub/Sub never packs a push.
    delete request.headers['content-encoding'];
    if (isDraining) response.setHeader('Connection', 'close');
    servers.add(server);
    responses.add(response);
    response.once('close', () => {
      responses.delete(response);
      if (responses.size === 0) onIdle?.();
    });
  });

  return {
    inFlight: () => responses.size,
    drain: (timeoutMs) => {
      isDraining = true;
      for (const server of servers) {
        server.close();
      }
      if (responses.size === 0) return Promise.resolve(true);
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const timer = setTimeout(() => resolve(false), timeoutMs);
      onIdle = () => {
        clearTimeout(timer);
        resolve(true);
      };
      return promise;
    },
  };
};

const SIGNALS: readonly string[] = ['SIGTERM', 'SIGINT'];

/**
 * Replaces the framework's own listeners, which exit at once. It removes each one that the framework adds.
 */
const drainOnSignal = (drain: (signal: string) => Promise<void>): void => {
  let draining: Promise<void> | undefined;
  const onSignal = (signal: string): void => {
    draining ??= drain(signal).then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  process.on('newListener', (event: string, listener: () => void) => {
    if (SIGNALS.includes(event) && listener !== onSignal) {
      process.nextTick(() => process.removeListener(event, listener));
    }
  });
};
