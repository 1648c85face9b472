import type { FaultKind } from './faults.ts';
import { type RunOptions, type RunResult, runWorld } from './runWorld.ts';
import type { PromiseName } from './violation.ts';

/** A run that breaks a promise, with few messages and erasures and few kinds of faults. */
interface Shrunk {
  readonly messages: readonly number[];
  readonly faults: readonly FaultKind[];
  readonly result: RunResult;
}

/**
 * Leaves out kinds of faults and messages while the same promise is still broken. Each message has its own
 * random stream, so the remaining messages draw the same fate as before. Only the other messages that they
 * meet are fewer.
 * @throws Error when the whole run breaks no promise.
 */
export const shrink = async ({ seed, faults }: Pick<RunOptions, 'seed' | 'faults'>): Promise<Shrunk> => {
  const whole = await runWorld({ seed, faults });
  const promise = whole.violations[0]?.promise;
  if (promise === undefined) throw new Error(`seed ${seed} breaks no promise`);
  let smallest: Shrunk = { messages: whole.indexes, faults: [...faults], result: whole };

  const attempt = async (messages: readonly number[], kinds: readonly FaultKind[]): Promise<boolean> => {
    const result = await runWorld({ seed, messages: new Set(messages), faults: new Set(kinds) });
    if (!breaks(result, promise)) return false;
    smallest = { messages, faults: kinds, result };
    return true;
  };

  for (const kind of faults) {
    await attempt(
      smallest.messages,
      smallest.faults.filter((other) => other !== kind),
    );
  }
  // It tries to leave out halves first, then quarters, and single messages at the end.
  for (let size = Math.ceil(smallest.messages.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let first = 0; first < smallest.messages.length;) {
      const rest = smallest.messages.toSpliced(first, size);
      if (!(await attempt(rest, smallest.faults))) first += size;
    }
  }
  return smallest;
};

const breaks = ({ violations }: RunResult, promise: PromiseName): boolean =>
  violations.some((violation) => violation.promise === promise);
