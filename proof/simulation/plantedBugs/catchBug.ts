import { FAULT_KINDS } from '../faults.ts';
import { runPool } from '../runPool.ts';
import type { InvariantName } from '../violation.ts';
import type { RangeResult } from '../runRange.ts';

/** How the simulation saw a bug. */
export interface CaughtBug {
  readonly name: string;
  readonly seed: number;
  readonly invariant: InvariantName;
  readonly detail: string;
}

type Failure = RangeResult['failures'][number];

/**
 * Runs the seeds from 0 on until one of them breaks a promise.
 * @returns undefined when none of so many does.
 * @throws Error when the bug crashes the product.
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
  return failure && judgeFailure(name, failure);
};

/**
 * What a bug broke first.
 * @throws Error when the product crashed on the way: anybody sees a crash, so a bug that is one shows nothing of the
 * simulation, and a retry after it would count as a promise broken.
 */
export const judgeFailure = (name: string, { seed, violations }: Failure): CaughtBug | undefined => {
  const crash = violations.find(({ invariant }) => invariant === 'bug');
  if (crash !== undefined) {
    throw new Error(`the planted bug "${name}" shows nothing: by seed ${seed} it crashes: ${crash.detail}`);
  }
  const [first] = violations;
  return first && { name, seed, ...first };
};

/**
 * Runs the seeds from 0 on without a bug: only where they break nothing then is what they broke the bug's doing.
 * @returns a result of each range, in no particular order.
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
