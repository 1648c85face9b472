import { setInterval } from 'node:timers/promises';

/** An input that takes longer than this is a violation. */
export const HANG_MS_MAX = 120_000;
const LOOK_EVERY_MS = 1_000;

/** A thread without a present input stores this in its place: it has run all of them, or it has died. */
export const DONE = -1n;

interface WatchOptions {
  readonly signal: AbortSignal;
  /** Called at each look, with the smallest present input. Undefined: all threads are done. */
  readonly onProgress: (index: number | undefined) => void;
  /** Default: 120,000. */
  readonly hangMsMax?: number;
  /** Default: 1,000. */
  readonly lookEveryMs?: number;
}

/**
 * Looks at the places of threads until one stays at an input for too long.
 * @returns the number of that input; undefined when the signal aborts before.
 */
export const untilHang = async (
  places: readonly BigInt64Array[],
  { signal, onProgress, hangMsMax = HANG_MS_MAX, lookEveryMs = LOOK_EVERY_MS }: WatchOptions,
): Promise<number | undefined> => {
  const seen = places.map(() => ({ index: DONE, at: performance.now() }));
  try {
    for await (const _ of setInterval(lookEveryMs, undefined, { signal })) {
      const now = places.map((place) => Atomics.load(place, 0));
      const present = now.filter((index) => index !== DONE);
      onProgress(present.length === 0 ? undefined : Number(present.reduce((a, b) => (a < b ? a : b))));
      for (const [turn, index] of now.entries()) {
        if (seen[turn]?.index !== index) seen[turn] = { index, at: performance.now() };
        else if (index !== DONE && performance.now() - seen[turn].at > hangMsMax) return Number(index);
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return undefined;
};
