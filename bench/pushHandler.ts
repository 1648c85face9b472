/**
 * A push endpoint in a separate process. It answers `POST /<delay in ms>/<subscription>` with 204 after the
 * delay. It answers `GET /<subscription>` with what has come so far.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { monotonicMs } from './monotonicMs.ts';
import type { Arrivals } from './startPushHandler.ts';

const pushSchema = z.object({
  message: z.object({
    messageId: z.string(),
    attributes: z.object({ publishedAt: z.coerce.number().optional() }).optional(),
  }),
});

interface Received {
  readonly ids: Set<string>;
  readonly latenciesMs: number[];
  pushes: number;
  lastNewAtMs: number;
}

const received = new Map<string, Received>();

const receivedBy = (subscription: string): Received => {
  const known = received.get(subscription) ?? { ids: new Set(), latenciesMs: [], pushes: 0, lastNewAtMs: 0 };
  received.set(subscription, known);
  return known;
};

const record = (subscription: string, body: string, atMs: number): void => {
  const { messageId, attributes } = pushSchema.parse(JSON.parse(body)).message;
  const known = receivedBy(subscription);
  known.pushes += 1;
  if (known.ids.has(messageId)) return;
  known.ids.add(messageId);
  known.lastNewAtMs = atMs;
  if (attributes?.publishedAt !== undefined) known.latenciesMs.push(atMs - attributes.publishedAt);
};

const arrivalsAt = (subscription: string): Arrivals => {
  const { ids, ...rest } = receivedBy(subscription);
  return { ...rest, distinct: ids.size };
};

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};

const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const [, first = '', subscription = ''] = (request.url ?? '').split('/');
  if (request.method === 'GET') {
    response.end(JSON.stringify(arrivalsAt(first)));
    return;
  }
  const body = await bodyOf(request);
  record(subscription, body, monotonicMs());
  const delayMs = Number(first);
  if (delayMs > 0) await delay(delayMs);
  response.writeHead(204).end();
};

const server = createServer((request, response) => {
  // A request that is not a push ends the process, because the measurement would be wrong.
  void answer(request, response);
});
// An emulator keeps its connections open. A push would fail if this server closed an idle one at that moment.
server.keepAliveTimeout = 0;
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ event: 'ready', port }));
});
