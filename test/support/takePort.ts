import { createServer } from 'node:net';

interface TakenPort {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** Listens on a free port of 127.0.0.1. */
export const takePort = (): Promise<TakenPort> => {
  const { promise, resolve, reject } = Promise.withResolvers<TakenPort>();
  const server = createServer().once('error', reject);
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
    resolve({ port: address.port, close: () => new Promise((closed) => server.close(() => closed())) });
  });
  return promise;
};
