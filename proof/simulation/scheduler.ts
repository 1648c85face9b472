/** The simulation's clock and its one list of what happens next. */
export interface Scheduler {
  /** Simulated milliseconds since the run began. */
  readonly nowMs: () => number;
  /** Does something at a time that is not in the past; equal times in the order of the calls. */
  readonly at: (atMs: number, run: () => void) => void;
  /** Must be called by whatever lets code that awaits go on: nothing else happens until that code awaits again. */
  readonly resumed: () => void;
  /**
   * Lets things happen until nothing is left to happen.
   * @throws Error when there are more than `eventsMax` of them: something goes round in circles.
   */
  readonly run: (eventsMax: number) => Promise<void>;
}

interface Happening {
  readonly atMs: number;
  readonly sequence: number;
  readonly run: () => void;
}

/** A discrete-event scheduler: deterministic, single-threaded, and without a single real timer. */
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
 * Node takes its tick queue only when no microtask is left, so a tick that a microtask asks for comes after everything
 * that was resumed has reached its next wait: https://nodejs.org/api/process.html#when-to-use-queuemicrotask-vs-processnexttick
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
