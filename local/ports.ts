import { randomInt } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { findPortHolder } from './findPortHolder.ts';

const LOOPBACK = '127.0.0.1';
const LOOK_EVERY_MS = 50;
/** From here on, systems take ports for connections to elsewhere, which may come at any moment. */
export const EPHEMERAL_PORTS = 32_768;
/** Few programs have their own port between here and there. */
export const FIRST_FREE_PORT = 20_000;
const TRIES_MAX = 100;

/**
 * Finds a port of 127.0.0.1 on which nothing listens at this moment, and which no connection will take.
 * @throws Error when 100 ports were taken.
 */
export const findFreePort = async (): Promise<number> => {
  const { port, close } = await holdFreePort();
  await close();
  return port;
};

/** Finds as many different ones. All are held at once, because the same one may be chosen again. */
export const findDifferentPorts = async (count: number): Promise<readonly number[]> => {
  const held = await Promise.all(Array.from({ length: count }, holdFreePort));
  await Promise.all(held.map(({ close }) => close()));
  return held.map(({ port }) => port);
};

/** A port that something is about to listen on. */
export interface NeededPort {
  readonly port: number;
  /** What needs the port. */
  readonly purpose: string;
  /** The command-line option that changes the port. */
  readonly option: string;
}

/**
 * Checks that ports of 127.0.0.1 are free and differ.
 * @throws Error that names each port that is not, the option that changes it, and who has it if that is
 * known.
 */
export const assertPortsFree = async (needed: readonly NeededPort[]): Promise<void> => {
  const twice = needed.filter(({ port }, index) => needed.findIndex((other) => other.port === port) < index);
  const differ = needed.filter((one) => !twice.includes(one));
  const problems = [
    ...twice.map(
      ({ port, purpose, option }) =>
        `port ${port}, which ${purpose} needs, is given to ${differ.find((one) => one.port === port)?.purpose}, ` +
        `too: pass another one with ${option}`,
    ),
    ...(await Promise.all(differ.map(problemOf))).filter((problem) => problem !== undefined),
  ];
  if (problems.length > 0) throw new Error(problems.join('\n'));
};

/**
 * Checks that a port of 127.0.0.1 is free.
 * @param purpose what needs the port.
 * @param option the command-line option that changes the port.
 * @throws Error that names the port, the purpose, the option, and who has the port if that is known.
 */
export const assertPortFree = (port: number, purpose: string, option: string): Promise<void> =>
  assertPortsFree([{ port, purpose, option }]);

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

const problemOf = async ({ port, purpose, option }: NeededPort): Promise<string | undefined> => {
  try {
    await listenOnce(port);
    return undefined;
  } catch (error) {
    const what = `port ${port}, which ${purpose} needs,`;
    // Such as a port below 1024, for which one has to be root.
    if (!isTaken(error)) return `${what} cannot be used (${String(error)}): pass another one with ${option}`;
    const holder = await findPortHolder(port);
    const who = holder === undefined ? '' : ` by ${holder}`;
    return `${what} is taken${who}: stop what listens there, or pass another one with ${option}`;
  }
};

const isTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

const listenOnce = async (port: number): Promise<void> => (await hold(port)).close();

interface HeldPort {
  readonly port: number;
  readonly close: () => Promise<void>;
}

const holdFreePort = async (): Promise<HeldPort> => {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    try {
      return await hold(randomInt(FIRST_FREE_PORT, EPHEMERAL_PORTS));
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }
  throw new Error(`no free port was found in ${TRIES_MAX} tries`);
};

const hold = (port: number): Promise<HeldPort> => {
  const { promise, resolve, reject } = Promise.withResolvers<HeldPort>();
  const server = createServer();
  server.once('error', reject);
  server.listen(port, LOOPBACK, () =>
    resolve({ port, close: () => new Promise((closed) => server.close(() => closed())) }),
  );
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
