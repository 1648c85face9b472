import { join } from 'node:path';
import type { EventKind } from './eventKinds.ts';
import { forkLoad } from './forkLoad.ts';

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
  const { pid, send, answer, stop } = forkLoad(DRIVER, env);
  await answer();
  return {
    pid,
    run: (task) => {
      const result = answer<DriverResult>();
      send(task);
      return result;
    },
    stop,
  };
};
