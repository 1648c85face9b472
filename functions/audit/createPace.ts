import { setTimeout as delay } from 'node:timers/promises';
import { TransientError } from '../../shared/errors.ts';

interface PaceOptions {
  readonly rowsPerSecond: number;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly deadlineAtMs: number;
  /** Waits so many milliseconds. A timer when left out. */
  readonly sleep?: (ms: number) => Promise<unknown>;
}

/** Shorter waits are saved up, because a timer is not that exact. */
const SLEEP_MIN_MS = 20;

/** Takes the rows that were read, and resolves when more may be read. */
export type Pace = (rows: number) => Promise<void>;

/**
 * Holds a reader back to so many rows a second. A pause gives no credit, so no burst follows it.
 * The returned function throws TransientError once the deadline is over, so nothing still runs after the call
 * has answered.
 */
export const createPace = ({ rowsPerSecond, clock, deadlineAtMs, sleep = delay }: PaceOptions): Pace => {
  let dueAtMs = clock();
  return async (rows) => {
    const nowMs = clock();
    if (nowMs >= deadlineAtMs) {
      throw new TransientError('the audit ran out of time: the cluster answers too slowly');
    }
    dueAtMs = Math.max(dueAtMs, nowMs) + (rows * 1_000) / rowsPerSecond;
    if (dueAtMs - nowMs >= SLEEP_MIN_MS) await sleep(dueAtMs - nowMs);
  };
};
