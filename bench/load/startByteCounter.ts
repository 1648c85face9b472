import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * Stands between a client and a port of some loopback addresses, and counts the bytes of both directions. It
 * is meant for a process that ends by itself.
 * @returns a port that it has at each of the addresses.
 */
export const startByteCounter = async (
  target: number,
  addresses: readonly string[],
): Promise<{ readonly port: number; readonly bytes: () => number }> => {
  let bytes = 0;
  const count = (address: string) => (near: Socket) => {
    const far = connect(target, address);
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
  };
  let port = 0;
  for (const address of addresses) {
    const server = createServer(count(address)).listen(port, address);
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  }
  return { port, bytes: () => bytes };
};
