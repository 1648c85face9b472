import { parentPort, workerData } from 'node:worker_threads';
import { type Range, runRange } from './runRange.ts';
import { SUITES, type SuiteName } from './suites/suites.ts';

/** What a worker is told. `current` holds the number of the input that it is at, readable from outside while it hangs. */
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
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
parentPort?.postMessage(figures);
