import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/**
 * Stands between a client and a port of 127.0.0.1, and counts the bytes of both directions. It is meant for a
 * process that ends by itself.
 */
export const startByteCounter = async (
  target: number,
): Promise<{ readonly port: number; readonly bytes: () => number }> => {
  let bytes = 0;
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('data', (chunk) => {
        bytes += chunk.length;
        to.write(chunk);
      });
      from.once('close', () => to.destroy());
      from.once('error', () => to.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, bytes: () => bytes };
};
