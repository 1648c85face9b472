import { TransientError } from '../../errors.ts';

/** Runs work when there is room for it, in the order in which it came. */
type Gate = <T>(work: () => Promise<T>) => Promise<T>;

interface Waiter {
  readonly since: number;
  readonly enter: () => void;
  readonly giveUp: (error: Error) => void;
}

interface GateOptions {
  /** How many works run at the same time. Each must end by itself, because only then the next one starts. */
  readonly max: number;
  /** The error names what waited, such as `statements`. */
  readonly what: string;
  /** Work that waited longer is not started. In milliseconds. */
  readonly waitMs: number;
  readonly clock?: () => number;
}

/**
 * Limits how much work runs at the same time. The rest waits in line. Its callers limit how much can wait.
 * @returns a function that settles as the work does. It throws a TransientError for work that waited too
 * long.
 */
export const createGate = ({ max, what, waitMs, clock = () => performance.now() }: GateOptions): Gate => {
  let running = 0;
  const line: Waiter[] = [];

  const letIn = (): void => {
    while (running < max) {
      const next = line.shift();
      if (next === undefined) return;
      if (clock() - next.since > waitMs) {
        next.giveUp(new TransientError(`waited more than ${waitMs} ms for ${max} ${what} before it`));
      } else {
        running += 1;
        next.enter();
      }
    }
  };

  return async (work) => {
    if (running < max) running += 1;
    else {
      await new Promise<void>((enter, giveUp) => {
        line.push({ since: clock(), enter, giveUp });
      });
    }
    try {
      return await work();
    } finally {
      running -= 1;
      letIn();
    }
  };
};
