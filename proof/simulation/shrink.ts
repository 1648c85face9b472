import type { FaultKind } from './faults.ts';
import { type RunOptions, type RunResult, runWorld } from './runWorld.ts';
import type { InvariantName } from './violation.ts';

/** A run that breaks a promise, with as little in it as still breaks it. */
interface Shrunk {
  readonly messages: readonly number[];
  readonly faults: readonly FaultKind[];
  readonly result: RunResult;
}

/**
 * Leaves out messages and kinds of faults for as long as the same promise is still broken. Each message draws its fate from
 * a stream of its own, so what is left behaves as it did, but for what it meets.
 * @throws Error when the whole run breaks nothing.
 */
export const shrink = async ({ seed, faults }: Pick<RunOptions, 'seed' | 'faults'>): Promise<Shrunk> => {
  const whole = await runWorld({ seed, faults });
  const invariant = whole.violations[0]?.invariant;
  if (invariant === undefined) throw new Error(`seed ${seed} breaks no promise`);
  let smallest: Shrunk = { messages: whole.indexes, faults: [...faults], result: whole };

  const attempt = async (messages: readonly number[], kinds: readonly FaultKind[]): Promise<boolean> => {
    const result = await runWorld({ seed, messages: new Set(messages), faults: new Set(kinds) });
    if (!breaks(result, invariant)) return false;
    smallest = { messages, faults: kinds, result };
    return true;
  };

  for (const kind of faults) {
    await attempt(
      smallest.messages,
      smallest.faults.filter((other) => other !== kind),
    );
  }
  // Halves first, then quarters, down to single messages.
  for (let size = Math.ceil(smallest.messages.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let first = 0; first < smallest.messages.length;) {
      const rest = smallest.messages.toSpliced(first, size);
      if (!(await attempt(rest, smallest.faults))) first += size;
    }
  }
  return smallest;
};

const breaks = ({ violations }: RunResult, invariant: InvariantName): boolean =>
  violations.some((violation) => violation.invariant === invariant);
