import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { http } from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { onTestFinished } from 'vitest';
import { createSimulate } from '../../../functions/simulate/handler.ts';
import type { OutgoingMessage, Publisher } from '../../../shared/messaging/publisher.ts';
import { createLog } from '../../../shared/telemetry/log.ts';
import type { Topic } from '../../../shared/topology.ts';

export const RUN_ID = '11111111-2222-4333-8444-555555555555';

/** The function behind the real framework, until the test ends. */
export const serveSimulate = async (publish: Publisher['publish'], clock = () => performance.now()) => {
  const lines: Record<string, unknown>[] = [];
  const log = createLog('simulate', 'info', { write: (line) => lines.push(JSON.parse(line)) });
  const handle = createSimulate({
    publisher: { publish },
    clock,
    sleep: (durationMs, signal) => delay(durationMs, undefined, { signal }),
    newRunId: () => RUN_ID,
    newSeed: () => 42,
    log,
    projectId: 'tally-test',
  });
  http('simulate', handle);
  const server: Server = getTestServer('simulate').listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const post = (body?: object, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      // What `serveFunction` makes of every content type.
      headers: { 'content-type': 'application/octet-stream' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...init,
    });
  return { post, lines };
};

/** A publisher that confirms and keeps every message. */
export const recorder = () => {
  const messages: (OutgoingMessage & { topic: Topic })[] = [];
  const publish: Publisher['publish'] = async (topic, message) => {
    messages.push({ topic, ...message });
    return String(messages.length);
  };
  return { messages, publish };
};
