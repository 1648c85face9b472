import { setTimeout as delay } from 'node:timers/promises';
import { clockTime, describeFault, type Fault, type Victim } from './schedule.ts';
import type { Target } from './target.ts';

interface StrikeDeps {
  readonly targets: Readonly<Record<Victim, Target>>;
  /** Milliseconds that never go back; 0 is when the traffic begins. */
  readonly now: () => number;
  /** Nothing new begins after it, and what is struck is mended at once. */
  readonly end: AbortSignal;
  readonly onFault: (line: string) => void;
  /** Called between the blows and the mending with whether what is struck leaves the system whole. */
  readonly onStruck: (isStruck: boolean, fault: Fault) => void;
}

/**
 * Carries out one track of a schedule: each fault at its time, or when the one before it is mended, if that is later.
 * @returns how many were carried out, all of them mended.
 */
export const strike = async (faults: readonly Fault[], deps: StrikeDeps): Promise<number> => {
  const { targets, now, end, onFault, onStruck } = deps;
  let survived = 0;
  for (const fault of faults) {
    await untilOver(fault.atSeconds * 1000 - now(), end);
    if (end.aborted) break;
    onFault(`${clockTime(now() / 1000)}  ${describeFault(fault)}`);
    await Promise.all(fault.blows.map(([victim, blow]) => targets[victim].strike(blow)));
    onStruck(true, fault);
    await untilOver(fault.forSeconds * 1000, end);
    onStruck(false, fault);
    await Promise.all(fault.blows.map(([victim, blow]) => targets[victim].mend(blow)));
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
