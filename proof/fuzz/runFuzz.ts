import { Worker } from 'node:worker_threads';
import type { Progress } from '../../local/progress.ts';
import type { Figures } from './runRange.ts';
import type { SuiteName } from './suites/suites.ts';
import { DONE, HANG_MS_MAX, untilHang } from './untilHang.ts';
import type { WorkerTask } from './worker.ts';

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
  const watched = untilHang(places, {
    signal: done.signal,
    onProgress: (index = from + count) =>
      progress({ step: `Fuzzing ${suite}`, done: Math.max(0, index - from), total: count }),
  }).then((index) => (index === undefined ? [] : [died(index, `hung for ${HANG_MS_MAX / 1_000} s`)]));
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
      const index = Atomics.exchange(new BigInt64Array(task.current), 0, DONE);
      resolve(died(Number(index), `the thread died: ${error.message}`));
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
