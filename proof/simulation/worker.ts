import { parentPort, workerData } from 'node:worker_threads';
import type { FaultKind } from './faults.ts';
import type { SeedRange } from './runRange.ts';

/** The task of a thread. */
export interface WorkerTask {
  readonly faults: readonly FaultKind[];
  /** The name of the bug to plant. */
  readonly bug: string | undefined;
  /** A range ends with the first run that breaks a promise. */
  readonly stopsAtFirst: boolean;
}

const { faults, bug, stopsAtFirst } = workerData as WorkerTask;
if (bug !== undefined) {
  const { plantBug } = await import('./plantedBugs/plantBug.ts');
  plantBug(bug);
}
// The import is here because the bug must be planted before the product is loaded.
const { runRange } = await import('./runRange.ts');

parentPort?.on('message', (range: SeedRange) => {
  void runRange(range, { faults: new Set(faults), stopsAtFirst }).then((result) => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    parentPort?.postMessage(result);
  });
});
