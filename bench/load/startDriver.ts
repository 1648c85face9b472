import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { EventKind } from './eventKinds.ts';

const DRIVER = join(import.meta.dirname, 'driver.ts');

export interface DriverTask {
  readonly mode: 'driver' | 'store' | 'handlers';
  /** The events take turns through these kinds. */
  readonly kinds: readonly EventKind[];
  readonly firstOrderId: number;
  /** How many orders; each has an event of each kind. */
  readonly orders: number;
  /** So many declined payments for each order, after its other events. Only `handlers` takes them. */
  readonly declined?: number;
  readonly inFlight: number;
}

export interface DriverResult {
  readonly ms: number;
  readonly failed: number;
  /** One of the errors; undefined: there was none. */
  readonly error: string | undefined;
}

/** A process that sends statements to Cassandra when it is told to. */
export interface Driver {
  readonly pid: number;
  readonly run: (task: DriverTask) => Promise<DriverResult>;
  readonly stop: () => Promise<void>;
}

export const startDriver = async (env: Readonly<Record<string, string>>): Promise<Driver> => {
  const child = fork(DRIVER, {
    env: { ...env, PATH: process.env.PATH },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const gone = once(child, 'exit').then(([code]): never => {
    throw new Error(`the driver’s process ended with ${code}`);
  });
  gone.catch(() => {});
  const answer = async <T>(): Promise<T> => (await Promise.race([once(child, 'message'), gone]))[0] as T;
  await answer();
  return {
    pid: child.pid ?? 0,
    run: (task) => {
      const result = answer<DriverResult>();
      child.send(task);
      return result;
    },
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
};
