import { setTimeout as delay } from 'node:timers/promises';

interface PacerOptions {
  readonly ratePerSecond: number;
  /** So much work runs at the same time. */
  readonly inFlightMax: number;
  /** Milliseconds since any moment. `performance.now` when left out. */
  readonly clock?: () => number;
  /** Waits so many milliseconds. A timer when left out. */
  readonly sleep?: (ms: number) => Promise<unknown>;
}

/** A late piece of work may be caught up with for this long. So short pauses do not lower the rate. */
const CATCH_UP_MS = 250;

/**
 * Begins pieces of work at a rate. It waits while too many run, so memory is bounded. After a long pause no
 * burst follows.
 */
export const createPacer = ({
  ratePerSecond,
  inFlightMax,
  clock = () => performance.now(),
  sleep = delay,
}: PacerOptions) => {
  const running = new Set<Promise<void>>();
  const stepMs = 1_000 / ratePerSecond;
  let dueAtMs = clock();
  return {
    /** Waits until the work is due, begins it, and does not wait for its end. The work may not throw. */
    begin: async (work: () => Promise<void>): Promise<void> => {
      while (running.size >= inFlightMax) await Promise.race(running);
      const waitMs = dueAtMs - clock();
      if (waitMs >= 1) await sleep(waitMs);
      dueAtMs = Math.max(dueAtMs, clock() - CATCH_UP_MS) + stepMs;
      const started: Promise<void> = work().finally(() => running.delete(started));
      running.add(started);
    },
    /** Resolves when nothing runs any more. */
    idle: async (): Promise<void> => {
      await Promise.all(running);
    },
  };
};
