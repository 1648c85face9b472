import { setInterval } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Progress } from '../../local/progress.ts';
import type { Figures } from './runRange.ts';
import type { SuiteName } from './suites/suites.ts';
import type { WorkerTask } from './worker.ts';

/** An input that takes longer than this is a violation. */
const HANG_MS_MAX = 120_000;
const LOOK_EVERY_MS = 1_000;
/** Far more than an input needs. A thread that needs more dies, and the number of its input is reported. */
const HEAP_MEGABYTES_MAX = 768;

interface FuzzOptions {
  readonly suite: SuiteName;
  readonly seed: number;
  readonly from: number;
  readonly count: number;
  readonly workers: number;
  readonly progress: Progress;
}

/** Runs a suite on several threads, and adds up their figures. Each thread takes every n-th input. */
export const runFuzz = async (options: FuzzOptions): Promise<Figures> => {
  const { suite, seed, from, count, progress } = options;
  const threads = Math.min(options.workers, count);
  const tasks = Array.from({ length: threads }, (_, turn) => ({
    suite,
    seed,
    from: from + turn,
    to: from + count,
    step: threads,
    current: new SharedArrayBuffer(8),
  }));
  const places = tasks.map(({ current }) => new BigInt64Array(current));
  const done = new AbortController();
  const watched = watch(places, done.signal, (index) =>
    progress({ step: `Fuzzing ${suite}`, done: Math.max(0, Math.min(count, index - from)), total: count }),
  );
  try {
    const all = Promise.all(tasks.map(runWorker));
    return sum(await Promise.race([all, watched]));
  } finally {
    done.abort();
    await Promise.all(running.map((worker) => worker.terminate()));
  }
};

const running: Worker[] = [];

const runWorker = (task: WorkerTask): Promise<Figures> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('worker.ts', import.meta.url), {
      workerData: task,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES_MAX },
    });
    running.push(worker);
    worker.once('message', resolve);
    worker.once('error', (error) => {
      const index = Number(Atomics.load(new BigInt64Array(task.current), 0));
      resolve(died(index, `the thread died: ${error.message}`));
    });
    worker.once('exit', (code) =>
      reject(new Error(`a thread ended with exit code ${code} and without figures`)),
    );
  });

const died = (index: number, what: string): Figures => ({
  inputs: 0,
  malformed: 0,
  outcomes: {},
  heapGrowthBytes: 0,
  violations: [{ index, how: 'unknown', what, payload: '' }],
});

/** Reports the progress of the threads, and ends the run when a thread stays at one input for too long. */
const watch = async (
  places: readonly BigInt64Array[],
  signal: AbortSignal,
  onProgress: (index: number) => void,
): Promise<readonly Figures[]> => {
  const seen = places.map(() => ({ index: -1n, at: performance.now() }));
  try {
    for await (const _ of setInterval(LOOK_EVERY_MS, undefined, { signal })) {
      const now = places.map((place) => Atomics.load(place, 0));
      onProgress(Number(now.reduce((a, b) => (a < b ? a : b))));
      for (const [turn, index] of now.entries()) {
        if (seen[turn]?.index !== index) seen[turn] = { index, at: performance.now() };
        else if (performance.now() - seen[turn].at > HANG_MS_MAX && !isLast(index, now)) {
          return [died(Number(index), `hung for ${HANG_MS_MAX / 1000} s`)];
        }
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return [];
};

/** A thread that is done stays at its last input while other threads go on. */
const isLast = (index: bigint, all: readonly bigint[]): boolean => all.some((other) => other < index);

const sum = (all: readonly Figures[]): Figures => {
  const outcomes: Record<string, number> = {};
  for (const figures of all) {
    for (const [name, count] of Object.entries(figures.outcomes))
      outcomes[name] = (outcomes[name] ?? 0) + count;
  }
  return {
    outcomes,
    inputs: all.reduce((total, { inputs }) => total + inputs, 0),
    malformed: all.reduce((total, { malformed }) => total + malformed, 0),
    violations: all.flatMap(({ violations }) => violations).toSorted((a, b) => a.index - b.index),
    heapGrowthBytes: Math.max(0, ...all.map(({ heapGrowthBytes }) => heapGrowthBytes)),
  };
};
