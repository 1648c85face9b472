import type { Progress } from '../../local/progress.ts';
import type { Sizes } from '../sizes.ts';
import { type Contestant, interleave } from './interleave.ts';

interface Turns<Measured> {
  /** What is measured, for the progress. */
  readonly step: string;
  readonly contestants: readonly Contestant<Measured>[];
  readonly sizes: Pick<Sizes, 'rounds' | 'warmUpRounds'>;
  readonly merge: (there: Measured, back: Measured) => Measured;
  readonly progress: Progress;
}

/**
 * Lets contestants warm up, then measures them by turns, and shows whose turn it is.
 * @returns for each contestant its measurements, one for each round.
 */
export const takeTurns = async <Measured>({
  step,
  contestants,
  sizes: { rounds, warmUpRounds },
  merge,
  progress,
}: Turns<Measured>): Promise<ReadonlyMap<string, readonly Measured[]>> => {
  let done = 0;
  const total = 2 * contestants.length * (warmUpRounds + rounds);
  const shown = contestants.map(({ name, measure }) => ({
    name,
    measure: () => {
      progress({ step, detail: name, done, total });
      done += 1;
      return measure();
    },
  }));
  await interleave(shown, warmUpRounds, merge);
  return interleave(shown, rounds, merge);
};
