import { FAULT_KINDS } from '../faults.ts';
import { runPool } from '../runPool.ts';
import type { PromiseName } from '../violation.ts';
import type { RangeResult } from '../runRange.ts';

/** The first seed that caught a bug, and the promise that it broke. */
export interface CaughtBug {
  readonly name: string;
  readonly seed: number;
  readonly promise: PromiseName;
  readonly detail: string;
}

type Failure = RangeResult['failures'][number];

/**
 * Plants a bug and runs seeds from 0 on, until a run breaks a promise.
 * @param seeds how many runs at most.
 * @returns undefined when no run breaks a promise.
 * @throws Error when the bug crashes the product.
 */
export const catchBug = async (name: string, seeds: number): Promise<CaughtBug | undefined> => {
  const results = await runPool({
    task: { faults: FAULT_KINDS, bug: name, stopsAtFirst: true },
    from: 0,
    count: seeds,
    // On one thread, the first seed that catches it is always the same.
    threads: 1,
  });
  const failure = results.flatMap(({ failures }) => failures)[0];
  return failure && judgeFailure(name, failure);
};

/**
 * The promise that a bug broke first.
 * @throws Error when the product crashed. A crash is easy to see, so such a bug says nothing about the
 * simulation, and the retry after the crash would count as a broken promise.
 */
export const judgeFailure = (name: string, { seed, violations }: Failure): CaughtBug | undefined => {
  const crash = violations.find(({ promise }) => promise === 'bug');
  if (crash !== undefined) {
    throw new Error(
      `the planted bug "${name}" proves nothing, because it crashes the product with seed ${seed}: ${crash.detail}`,
    );
  }
  const [first] = violations;
  return first && { name, seed, ...first };
};

/**
 * Runs the seeds from 0 on without a bug. They must break nothing; otherwise the planted bug was not the
 * cause.
 * @returns one result for each range, in no particular order.
 */
export const runWithoutBug = (
  seeds: number,
  onResult: (result: RangeResult) => void,
): Promise<readonly RangeResult[]> =>
  runPool({
    task: { faults: FAULT_KINDS, bug: undefined, stopsAtFirst: false },
    from: 0,
    count: seeds,
    onResult,
  });
