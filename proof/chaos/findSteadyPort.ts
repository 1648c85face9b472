import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Systems take the ports of outgoing connections from a higher range (Linux: from 32,768). So no connection
 * gets the port of a part that is down at the moment.
 */
const STEADY = { from: 20_000, below: 32_768 };
const ATTEMPTS_MAX = 100;

/**
 * Finds a port that is free at all of the addresses.
 * @throws Error when it finds none.
 */
export const findSteadyPort = async (addresses: readonly string[] = ['127.0.0.1']): Promise<number> => {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const port = randomInt(STEADY.from, STEADY.below);
    const free = await Promise.all(addresses.map((address) => isFree(port, address)));
    if (free.every(Boolean)) return port;
  }
  throw new Error(`no port from ${STEADY.from} on is free at ${addresses.join(', ')}`);
};

const isFree = (port: number, address: string): Promise<boolean> => {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer();
  server.once('error', () => resolve(false));
  server.listen(port, address, () => server.close(() => resolve(true)));
  return promise;
};
