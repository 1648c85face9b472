import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** Stands before the store, and loses the nth call of a method. */
export const startLosing = async (url: string, lost: { readonly method: string; readonly nth: number }) => {
  let calls = 0;
  const server = createServer((request, response) => {
    if (request.url === `/${lost.method}`) calls += 1;
    if (request.url === `/${lost.method}` && calls === lost.nth) request.socket.destroy();
    else
      void buffer(request)
        .then((body) => fetch(`${url}${request.url}`, { method: 'POST', body }))
        .then(async (answer) =>
          response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer())),
        );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
