import { setTimeout as delay } from 'node:timers/promises';
import { clockTime, describeFault, type Fault, type Victim } from './schedule.ts';
import type { Target } from './target.ts';

interface StrikeDeps {
  readonly targets: Readonly<Record<Victim, Target>>;
  /** The time in milliseconds; 0 is when the traffic begins. It never goes back. */
  readonly now: () => number;
  /** After it no fault begins, and the present one is mended at once. */
  readonly end: AbortSignal;
  readonly onFault: (line: string) => void;
  readonly onPhase: (phase: Phase, fault: Fault) => void;
}

/** Right after the blows, right before the mending, and when what was killed has started again. */
export type Phase = 'struck' | 'mending' | 'mended';

/**
 * Carries out one track of a schedule. Each fault begins at its time, or later when the fault before it is
 * mended.
 * @returns the number of faults that were carried out and mended.
 */
export const strike = async (faults: readonly Fault[], deps: StrikeDeps): Promise<number> => {
  const { targets, now, end, onFault, onPhase } = deps;
  let survived = 0;
  for (const fault of faults) {
    await untilOver(fault.atSeconds * 1000 - now(), end);
    if (end.aborted) break;
    onFault(`${clockTime(now() / 1000)}  ${describeFault(fault)}`);
    await Promise.all(fault.blows.map(([victim, blow]) => targets[victim].strike(blow)));
    onPhase('struck', fault);
    await untilOver(fault.forSeconds * 1000, end);
    onPhase('mending', fault);
    await Promise.all(fault.blows.map(([victim, blow]) => targets[victim].mend(blow)));
    onPhase('mended', fault);
    onFault(`${clockTime(now() / 1000)}  ${fault.blows.map(([victim]) => victim).join(' and ')} back`);
    survived += 1;
  }
  return survived;
};

/** Returns at once when the signal aborts. */
const untilOver = async (ms: number, signal: AbortSignal): Promise<void> => {
  try {
    await delay(Math.max(0, ms), undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
};
