import { sayError } from '../sayError.ts';

const EVERY_MS = 60_000;
/** After failures the pause doubles up to this. */
const PAUSE_MS_MAX = 600_000;
/** Nobody looked for so long: then nobody is asked. Each question counts against the project's quota. */
const IDLE_AFTER_MS = 150_000;

interface PollOptions {
  /** Never more than one at a time. */
  readonly work: () => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly everyMs?: number;
}

interface Poll {
  /** Somebody looks, so the work goes on. The first look begins it. */
  readonly wanted: () => void;
  /** The same, and the work begins now, whatever the pause. */
  readonly again: () => void;
  /** How often the work has ended, well or not. */
  readonly ended: () => number;
  /** Why the last work failed, and when the next one begins; null when it succeeded. */
  readonly problem: () => string | null;
  /** Resolves when the work that runs has ended. */
  readonly stop: () => Promise<void>;
}

/** Does some work again and again while somebody looks, with longer pauses while it fails. */
export const createPoll = ({ work, clock, everyMs = EVERY_MS }: PollOptions): Poll => {
  let wantedAtMs = Number.NEGATIVE_INFINITY;
  let nextAtMs = Number.NEGATIVE_INFINITY;
  let failures = 0;
  let ended = 0;
  let problem: string | null = null;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let isStopped = false;

  const run = async (): Promise<void> => {
    timer = undefined;
    if (clock() - wantedAtMs > Math.max(IDLE_AFTER_MS, 2 * everyMs)) return;
    try {
      await work();
      [failures, problem] = [0, null];
    } catch (error) {
      failures += 1;
      problem = sayError(error);
    }
    ended += 1;
    const pauseMs = Math.min(everyMs * 2 ** failures, Math.max(PAUSE_MS_MAX, everyMs));
    nextAtMs = clock() + (failures === 0 ? everyMs : pauseMs);
    schedule();
  };
  const begin = (): void => {
    running = run().finally(() => {
      running = undefined;
    });
  };
  const schedule = (): void => {
    if (isStopped) return;
    timer = setTimeout(begin, Math.max(0, nextAtMs - clock()));
    timer.unref();
  };

  const wanted = (): void => {
    wantedAtMs = clock();
    if (timer === undefined && running === undefined) schedule();
  };

  return {
    wanted,
    again: () => {
      clearTimeout(timer);
      timer = undefined;
      nextAtMs = clock();
      wanted();
    },
    ended: () => ended,
    problem: () => problem,
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
};
