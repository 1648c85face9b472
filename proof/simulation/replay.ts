import { InvalidArgumentError } from 'commander';
import { plantBug } from './plantedBugs/plantBug.ts';
import { countStrikes, FAULT_KINDS, type FaultKind } from './faults.ts';

interface Replay {
  readonly seed: number;
  readonly messages?: readonly number[] | undefined;
  readonly faults?: readonly FaultKind[] | undefined;
  readonly bug?: string | undefined;
}

/** The one command that makes a run again, with a trace. */
export const replayCommand = ({ seed, messages, faults, bug }: Replay): string => {
  const isAll = faults === undefined || faults.length === FAULT_KINDS.length;
  const parts = [
    `npm run simulation -- --seed ${seed} --trace`,
    messages === undefined ? '' : ` --messages ${messages.join()}`,
    isAll ? '' : ` --faults ${faults.join() || 'none'}`,
    bug === undefined ? '' : ` --bug ${JSON.stringify(bug)}`,
  ];
  return parts.join('');
};

/** Makes one run again; one that breaks a promise is shrunk, and told how to be made again. */
export const replay = async ({
  seed,
  messages,
  faults = FAULT_KINDS,
  trace,
  bug,
  json,
}: Replay & { readonly trace: boolean; readonly json: boolean }): Promise<void> => {
  if (bug !== undefined) plantBug(bug);
  // Only now, for the bug must be in before the product is loaded.
  const { runWorld } = await import('./runWorld.ts');
  const { shrink } = await import('./shrink.ts');
  const { withSimulatedTimers } = await import('./withSimulatedTimers.ts');
  const startedAt = performance.now();
  const result = await withSimulatedTimers(() =>
    runWorld({
      seed,
      faults: new Set(faults),
      messages: messages && new Set(messages),
      trace: trace ? (line) => console.error(line) : undefined,
    }),
  );
  if (result.planned === 0)
    throw new InvalidArgumentError(`--messages names none of the messages of seed ${seed}.`);
  const seconds = (performance.now() - startedAt) / 1_000;
  for (const { invariant, detail } of result.violations) console.error(`${invariant}: ${detail}`);
  if (result.violations.length > 0) {
    process.exitCode = 1;
    if (messages === undefined) {
      const small = await withSimulatedTimers(() => shrink({ seed, faults: new Set(faults) }));
      console.error(
        `shrunk from ${result.planned} messages to ${small.messages.length}: ${replayCommand({ ...small, seed, bug })}`,
      );
    }
  }
  const { planned, deliveries, faults: struck, violations } = result;
  const summary = {
    seeds: 1,
    runs: 1,
    messages: planned,
    deliveries,
    faults: countStrikes(struck),
    violations: violations.length,
    runsPerSecond: Math.round(1 / seconds),
  };
  console.log(json ? JSON.stringify(summary) : `seed ${seed}: ${JSON.stringify(summary)}`);
};
