/** The clock of a run, and the list of what happens next. */
export interface Scheduler {
  /** Simulated milliseconds since the run began. */
  readonly nowMs: () => number;
  /**
   * Runs something at a time; a time in the past counts as now. Equal times run in the order of the calls.
   */
  readonly at: (atMs: number, run: () => void) => void;
  /** Call it when code that awaits is resumed. Nothing else happens until that code awaits again. */
  readonly resumed: () => void;
  /**
   * Runs everything in the list, until the list is empty.
   * @throws Error after more than `eventsMax` events, because such a run does not end.
   */
  readonly run: (eventsMax: number) => Promise<void>;
}

interface Happening {
  readonly atMs: number;
  readonly sequence: number;
  readonly run: () => void;
}

/** A discrete-event scheduler. It is deterministic, runs on one thread, and uses no real timer. */
export const createScheduler = (): Scheduler => {
  const heap: Happening[] = [];
  let nowMs = 0;
  let sequence = 0;
  let hasResumed = false;

  return {
    nowMs: () => nowMs,
    at: (atMs, run) => {
      sequence += 1;
      push(heap, { atMs: Math.max(atMs, nowMs), sequence, run });
    },
    resumed: () => {
      hasResumed = true;
    },
    run: (eventsMax) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      let events = 0;
      const step = (): void => {
        try {
          hasResumed = false;
          while (!hasResumed) {
            const next = pop(heap);
            if (next === undefined) return resolve();
            events += 1;
            if (events > eventsMax) throw new Error(`more than ${eventsMax} events: the run does not end`);
            nowMs = next.atMs;
            next.run();
          }
        } catch (error) {
          return reject(error);
        }
        afterAllMicrotasks(step);
      };
      afterAllMicrotasks(step);
      return promise;
    },
  };
};

/**
 * Node runs its tick queue only when no microtask is left. So a tick that a microtask adds runs when all
 * resumed code waits again. See the Node documentation, "When to use queueMicrotask() vs.
 * process.nextTick()":
 * https://nodejs.org/api/process.html
 */
const afterAllMicrotasks = (step: () => void): void => {
  queueMicrotask(() => process.nextTick(step));
};

const isBefore = (a: Happening, b: Happening): boolean =>
  a.atMs === b.atMs ? a.sequence < b.sequence : a.atMs < b.atMs;

const push = (heap: Happening[], item: Happening): void => {
  let index = heap.length;
  heap.push(item);
  while (index > 0) {
    const above = (index - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || !isBefore(item, parent)) break;
    heap[index] = parent;
    index = above;
  }
  heap[index] = item;
};

const pop = (heap: Happening[]): Happening | undefined => {
  const first = heap[0];
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  let index = 0;
  for (;;) {
    let below = 2 * index + 1;
    let child = heap[below];
    const right = heap[below + 1];
    if (child !== undefined && right !== undefined && isBefore(right, child)) {
      child = right;
      below += 1;
    }
    if (child === undefined || !isBefore(child, last)) break;
    heap[index] = child;
    index = below;
  }
  heap[index] = last;
  return first;
};
