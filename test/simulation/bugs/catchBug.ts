import type { InvariantName } from '../checks.ts';
import { FAULT_KINDS } from '../faults.ts';
import { runPool } from '../pool.ts';

/** How the simulation saw a bug. */
export interface CaughtBug {
  readonly name: string;
  readonly seed: number;
  readonly invariant: InvariantName;
  readonly detail: string;
}

/**
 * Runs the seeds from 0 on until one of them breaks a promise.
 * @returns undefined when none of so many does.
 */
export const catchBug = async (name: string, seeds: number): Promise<CaughtBug | undefined> => {
  const results = await runPool({
    task: { faults: FAULT_KINDS, bug: name, stopsAtFirst: true },
    from: 0,
    count: seeds,
    // One after the other, so that the first seed that catches it is always the same.
    threads: 1,
  });
  const failure = results.flatMap(({ failures }) => failures)[0];
  const violation = failure?.violations[0];
  return failure && violation && { name, seed: failure.seed, ...violation };
};
