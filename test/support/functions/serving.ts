import diagnosticsChannel from 'node:diagnostics_channel';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { afterEach, beforeEach, type MockInstance, vi } from 'vitest';
import type { HttpHandler } from '../../../shared/http/httpHandler.ts';
import { serveFunction } from '../../../shared/http/serveFunction.ts';
import { createRecordingLog } from './recordingLog.ts';
import { until } from '../../../proof/until.ts';

const EVENTS = ['SIGTERM', 'SIGINT', 'newListener'] as const;

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Serves functions in this process, behind the real framework, as in production. Call it once in a file. */
export const setUpServing = () => {
  let listenersBefore: readonly (readonly unknown[])[] = [];
  let server: Server | undefined;
  let agents: Agent[] = [];
  let exit: MockInstance<typeof process.exit>;
  let complained: MockInstance<typeof console.error>;

  const ownListeners = (event: (typeof EVENTS)[number]) =>
    process
      .rawListeners(event)
      .filter((listener) => listenersBefore[EVENTS.indexOf(event)]?.includes(listener) !== true);

  beforeEach(() => {
    listenersBefore = EVENTS.map((event) => process.rawListeners(event));
    vi.spyOn(diagnosticsChannel, 'subscribe');
    exit = vi.spyOn(process, 'exit').mockImplementation((() => {}) as () => never);
    complained = vi.spyOn(console, 'error').mockImplementation(() => {});
  });

  // Removes the listeners that a function adds to its process.
  afterEach(() => {
    for (const event of EVENTS) {
      for (const listener of ownListeners(event)) process.removeListener(event, listener as () => void);
    }
    for (const [name, listener] of vi.mocked(diagnosticsChannel.subscribe).mock.calls) {
      diagnosticsChannel.unsubscribe(name, listener);
    }
    for (const agent of agents) agent.destroy();
    agents = [];
    server?.closeAllConnections();
    server?.close();
    server = undefined;
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  /** One connection, open until the server closes it. */
  const connection = (): Agent => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    agents.push(agent);
    return agent;
  };

  const serve = async (handle: HttpHandler, close: () => Promise<unknown> = async () => {}) => {
    const { log, lines } = createRecordingLog();
    serveFunction({ name: 'served', handle, log, close });
    server = getTestServer('served').listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;

    const send = async (
      body: string | Buffer = '',
      headers: Record<string, string> = {},
      agent = connection(),
    ): Promise<Answer> => {
      const sent = request({ port, host: '127.0.0.1', method: 'POST', agent, headers });
      sent.end(body);
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      return { status: response.statusCode, headers: response.headers, body: await text(response) };
    };
    return {
      send,
      /** Calls the function's listener. A real signal would reach the listener of the test runner too. */
      signal: (name: 'SIGTERM' | 'SIGINT'): void => ownListeners(name)[0]?.(name),
      /** The log lines so far: severity, message, signal, requests in flight. */
      said: () => lines().map((line) => [line.severity, line.message, line.signal, line.requests_in_flight]),
    };
  };

  return {
    serve,
    connection,
    exit: () => exit,
    complained: () => complained,
    untilExit: () => until('the exit', () => exit.mock.calls.length > 0),
  };
};
