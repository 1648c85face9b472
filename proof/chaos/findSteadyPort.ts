import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the ports that systems take for outgoing connections (Linux: from 32,768), so that nobody is given the port of a
 * part that is down just now.
 */
const STEADY = { from: 20_000, below: 32_768 };
const ATTEMPTS_MAX = 100;

/**
 * A port that nobody listens on at any of the addresses.
 * @throws Error when none is found.
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
