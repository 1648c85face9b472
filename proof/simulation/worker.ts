import { parentPort, workerData } from 'node:worker_threads';
import type { FaultKind } from './faults.ts';
import type { SeedRange } from './runRange.ts';

/** What a thread is asked to run. */
export interface WorkerTask {
  readonly faults: readonly FaultKind[];
  /** The name of a bug that is put into the product first. */
  readonly bug: string | undefined;
  /** Runs end at the first violation. */
  readonly stopsAtFirst: boolean;
}

const { faults, bug, stopsAtFirst } = workerData as WorkerTask;
if (bug !== undefined) {
  const { plantBug } = await import('./plantedBugs/plantBug.ts');
  plantBug(bug);
}
// Only now, for the bug must be in before the product is loaded.
const { runRange } = await import('./runRange.ts');

parentPort?.on('message', (range: SeedRange) => {
  void runRange(range, { faults: new Set(faults), stopsAtFirst }).then((result) => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    parentPort?.postMessage(result);
  });
});
