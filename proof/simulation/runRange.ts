import { withSimulatedTimers } from './withSimulatedTimers.ts';
import { addStrikes, type FaultKind } from './faults.ts';
import { type RunResult, runWorld } from './runWorld.ts';

// A run has thousands of errors on purpose, and the stack of an error costs more than the step that fails.
Error.stackTraceLimit = 0;

/** `count` seeds, from the seed `from` on. */
export interface SeedRange {
  readonly from: number;
  readonly count: number;
}

/** What the runs of a range found. */
export interface RangeResult extends Omit<RunResult, 'violations' | 'indexes'> {
  readonly runs: number;
  readonly failures: readonly { readonly seed: number; readonly violations: RunResult['violations'] }[];
}

interface RangeOptions {
  readonly faults: ReadonlySet<FaultKind>;
  readonly stopsAtFirst: boolean;
}

/** Runs seeds one after the other, and adds up their results. */
export const runRange = (range: SeedRange, { faults, stopsAtFirst }: RangeOptions): Promise<RangeResult> =>
  withSimulatedTimers(async () => {
    const total = { runs: 0, planned: 0, accepted: 0, deliveries: 0 };
    const struck = new Map<FaultKind, number>();
    const failures: RangeResult['failures'][number][] = [];
    for (let seed = range.from; seed < range.from + range.count; seed += 1) {
      const result = await runWorld({ seed, faults });
      total.runs += 1;
      total.planned += result.planned;
      total.accepted += result.accepted;
      total.deliveries += result.deliveries;
      addStrikes(struck, result.faults);
      if (result.violations.length === 0) continue;
      failures.push({ seed, violations: result.violations });
      if (stopsAtFirst) break;
    }
    return { ...total, faults: struck, failures };
  });
