import { InvalidArgumentError } from 'commander';
import { plantBug } from './plantedBugs/plantBug.ts';
import { countStrikes, FAULT_KINDS, type FaultKind } from './faults.ts';

interface Replay {
  readonly seed: number;
  readonly messages?: readonly number[] | undefined;
  readonly faults?: readonly FaultKind[] | undefined;
  readonly bug?: string | undefined;
}

/** The command that replays a run, with a trace. */
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

/**
 * Replays one run. If it breaks a promise, the run is shrunk, and the command that replays the small run is
 * printed.
 */
export const replay = async ({
  seed,
  messages,
  faults = FAULT_KINDS,
  trace,
  bug,
  json,
}: Replay & { readonly trace: boolean; readonly json: boolean }): Promise<void> => {
  if (bug !== undefined) plantBug(bug);
  // The import is here because the bug must be planted before the product is loaded.
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
    throw new InvalidArgumentError(
      `Seed ${seed} has no message with these numbers: --messages ${messages?.join()}.`,
    );
  const seconds = (performance.now() - startedAt) / 1_000;
  for (const { promise, detail } of result.violations) console.error(`${promise}: ${detail}`);
  if (result.violations.length > 0) {
    process.exitCode = 1;
    if (messages === undefined) {
      const small = await withSimulatedTimers(() => shrink({ seed, faults: new Set(faults) }));
      console.error(
        `Shrunk from ${result.indexes.length} messages and erasures to ${small.messages.length}. Replay the small run with:\n` +
          `  ${replayCommand({ ...small, seed, bug })}`,
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
