import { withSimulatedTimers } from './fakeTimers.ts';
import { addStrikes, type FaultKind } from './faults.ts';
import { runSeed } from './simulate.ts';
import type { RangeResult, SeedRange } from './worker.ts';

// A stack costs more than the step that fails, and a run has thousands of failures that are meant.
Error.stackTraceLimit = 0;

interface RangeOptions {
  readonly faults: ReadonlySet<FaultKind>;
  readonly stopsAtFirst: boolean;
}

/** Runs seeds one after the other and adds up what they say. */
export const runRange = (range: SeedRange, { faults, stopsAtFirst }: RangeOptions): Promise<RangeResult> =>
  withSimulatedTimers(async () => {
    const total = { runs: 0, planned: 0, accepted: 0, deliveries: 0 };
    const struck = new Map<FaultKind, number>();
    const failures: RangeResult['failures'][number][] = [];
    for (let seed = range.from; seed < range.from + range.count; seed += 1) {
      const result = await runSeed({ seed, faults });
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
