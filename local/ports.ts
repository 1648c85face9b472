import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const LOOPBACK = '127.0.0.1';
const LOOK_EVERY_MS = 50;

/** Finds a port of 127.0.0.1 on which nothing listens at this moment. */
export const findFreePort = (): Promise<number> => listenOnce(0);

/**
 * Checks that a port of 127.0.0.1 is free.
 * @param purpose what needs the port.
 * @param option the command-line option that changes the port.
 * @throws Error that names the port, the purpose and the option.
 */
export const assertPortFree = async (port: number, purpose: string, option: string): Promise<void> => {
  await listenOnce(port).catch((error: unknown) => {
    const what = `port ${port}, which ${purpose} needs, is taken`;
    throw new Error(`${what}: stop what listens there, or pass another one with ${option}`, { cause: error });
  });
};

/**
 * Waits until something accepts connections at a port: of 127.0.0.1, unless a host is given.
 * @param signal aborts the wait.
 * @throws Error when nothing accepts within `timeoutMs`, which is 30,000 unless given.
 */
export const untilPortAnswers = async (
  port: number,
  {
    host = LOOPBACK,
    timeoutMs = 30_000,
    signal,
  }: { host?: string; timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<void> => {
  const deadline = performance.now() + timeoutMs;
  while (!(await accepts(port, host))) {
    if (performance.now() > deadline)
      throw new Error(`nothing answers at ${host}:${port} after ${timeoutMs} ms`);
    await delay(LOOK_EVERY_MS, undefined, signal === undefined ? {} : { signal });
  }
};

const listenOnce = (port: number): Promise<number> => {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const server = createServer();
  server.once('error', reject);
  server.listen(port, LOOPBACK, () => {
    const address = server.address();
    server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port));
  });
  return promise;
};

const accepts = (port: number, host: string): Promise<boolean> => {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(port, host);
  socket.once('connect', () => {
    socket.destroy();
    resolve(true);
  });
  socket.once('error', () => resolve(false));
  return promise;
};
