import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { pushLoad } from '../../../bench/load/pushLoad.ts';

/** An endpoint that answers all pushes with one status, and keeps their bodies. */
const startEndpoint = async (status: number) => {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      bodies.push(body);
      response.writeHead(status).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, bodies };
};

it('gives each port its share, and counts the answers that are no ack', async () => {
  const [acks, refuses] = [await startEndpoint(204), await startEndpoint(503)];

  const failed = await pushLoad({
    ports: [acks.port, refuses.port],
    bodyOf: (index) => `push ${index}`,
    count: 9,
    inFlight: 4,
  });

  expect(failed).toBe(4);
  expect(acks.bodies.toSorted()).toEqual(['push 0', 'push 2', 'push 4', 'push 6', 'push 8']);
  expect(refuses.bodies.toSorted()).toEqual(['push 1', 'push 3', 'push 5', 'push 7']);
});
