import { parentPort, workerData } from 'node:worker_threads';
import { type Range, runRange } from './runRange.ts';
import { SUITES, type SuiteName } from './suites/suites.ts';
import { DONE } from './untilHang.ts';

/**
 * The task of a thread. `current` has the number of its present input, and `DONE` at the end. Others can read
 * it when the thread hangs.
 */
export interface WorkerTask extends Omit<Range, 'onInput'> {
  readonly suite: SuiteName;
  readonly current: SharedArrayBuffer;
}

const { suite, current, ...range } = workerData as WorkerTask;
const place = new BigInt64Array(current);
const figures = await runRange(SUITES[suite](), {
  ...range,
  onInput: (index) => Atomics.store(place, 0, BigInt(index)),
});
Atomics.store(place, 0, DONE);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
parentPort?.postMessage(figures);
