import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { WorkerTask } from './worker.ts';
import type { RangeResult, SeedRange } from './runRange.ts';

/**
 * How many seeds a thread gets at once: few enough for a steady progress line, and enough to make messages
 * cheap.
 */
const SEEDS_AT_ONCE = 100;
/** A run makes short-lived objects only. A large young generation spares most of their garbage collection. */
const YOUNG_GENERATION_MB = 64;

interface PoolOptions {
  readonly task: WorkerTask;
  readonly from: number;
  readonly count: number;
  /** After this time no range of seeds begins; undefined for no limit. */
  readonly timeLimitMs?: number | undefined;
  /** How many threads. Default: one for each core. */
  readonly threads?: number | undefined;
  readonly onResult?: (result: RangeResult) => void;
}

/**
 * Runs seeds on several threads.
 * @returns one result for each range of seeds, in no particular order.
 * @throws the error that a thread threw.
 */
export const runPool = async (options: PoolOptions): Promise<readonly RangeResult[]> => {
  const { task, from, count, timeLimitMs, threads = availableParallelism(), onResult = () => {} } = options;
  const endsAt = timeLimitMs === undefined ? undefined : Date.now() + timeLimitMs;
  const results: RangeResult[] = [];
  let next = from;
  let isStopped = false;

  const takeRange = (): SeedRange | undefined => {
    const isLate = endsAt !== undefined && Date.now() >= endsAt;
    if (isStopped || isLate || next >= from + count) return undefined;
    const range = { from: next, count: Math.min(SEEDS_AT_ONCE, from + count - next) };
    next += range.count;
    return range;
  };

  const work = async (): Promise<void> => {
    const worker = startWorker(task);
    try {
      for (let range = takeRange(); range !== undefined; range = takeRange()) {
        const result = await ask(worker, range);
        results.push(result);
        onResult(result);
        if (task.stopsAtFirst && result.failures.length > 0) isStopped = true;
      }
    } catch (error) {
      // The other threads end after their present range.
      isStopped = true;
      throw error;
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(threads, count)) }, work));
  return results;
};

const startWorker = (workerData: WorkerTask): Worker =>
  new Worker(join(import.meta.dirname, 'worker.ts'), {
    workerData,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  });

const ask = (worker: Worker, range: SeedRange): Promise<RangeResult> => {
  const { promise, resolve, reject } = Promise.withResolvers<RangeResult>();
  worker.once('message', resolve);
  worker.once('error', reject);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  worker.postMessage(range);
  return promise.finally(() => {
    worker.off('message', resolve);
    worker.off('error', reject);
  });
};
