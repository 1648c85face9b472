import diagnosticsChannel from 'node:diagnostics_channel';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { http } from '@google-cloud/functions-framework';
import { DRAIN_TIMEOUT_MS } from '../deadlines.ts';
import type { Log } from '../telemetry/log.ts';
import { createByteBudget } from './byteBudget.ts';
import { createListener } from './createListener.ts';
import type { HttpHandler } from './httpHandler.ts';
import { isLoopback } from './isLoopback.ts';

interface ServedFunction {
  /** The name under which the Functions Framework finds the function, its `--target`. */
  readonly name: string;
  readonly handle: HttpHandler;
  readonly log: Log;
  /**
   * Closes what the function opened. It is called once, after the last request or after `DRAIN_TIMEOUT_MS`.
   */
  readonly close: () => Promise<unknown>;
}

/**
 * Registers an HTTP function with the Functions Framework, and replaces what the framework does with a
 * request. The framework reads any body into memory, parses it by its content type, logs a text that quotes
 * it, and pays for a domain and async hooks at each request. On SIGTERM it resets the requests in flight.
 * Here, our own listener answers within its budget, and requests in flight get `DRAIN_TIMEOUT_MS` to finish.
 */
export const serveFunction = ({ name, handle, log, close }: ServedFunction): void => {
  const traffic = takeTraffic({ name, handle, log });
  // The framework starts the server and finds the function by this name. Its own listener never calls it.
  http(name, handle);
  drainOnSignal(async (signal) => {
    log.info({ signal, requests_in_flight: traffic.inFlight() }, 'draining');
    const isIdle = await traffic.drain(DRAIN_TIMEOUT_MS);
    if (!isIdle) log.warn({ requests_in_flight: traffic.inFlight() }, 'gave up on requests in flight');
    await close();
    log.info({}, 'drained');
  });
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
  readonly server: Server;
}

/**
 * Takes the requests of every server of this process from the framework's listener, and counts those in
 * flight. Node publishes that a request starts before it calls the listeners of the server, so not even the
 * first request reaches the framework: https://nodejs.org/api/diagnostics_channel.html#http.
 */
const takeTraffic = (served: Pick<ServedFunction, 'name' | 'handle' | 'log'>): Traffic => {
  const servers = new Set<Server>();
  const responses = new Set<ServerResponse>();
  const budget = createByteBudget();
  let isDraining = false;
  let onIdle: (() => void) | undefined;

  const count = (response: ServerResponse): void => {
    if (isDraining) response.setHeader('Connection', 'close');
    responses.add(response);
    response.once('close', () => {
      responses.delete(response);
      if (responses.size === 0) onIdle?.();
    });
  };

  diagnosticsChannel.subscribe('http.server.request.start', (message) => {
    const { server } = message as RequestStart;
    if (servers.has(server)) return;
    servers.add(server);
    const listen = createListener({ ...served, budget, isLocal: isLoopback(server) });
    server.removeAllListeners('request');
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      count(response);
      void listen(request, response);
    });
  });

  return {
    inFlight: () => responses.size,
    drain: (timeoutMs) => {
      isDraining = true;
      for (const server of servers) server.close();
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
