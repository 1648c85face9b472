import { createStream } from '../../functions/simulate/random.ts';
import { percentile } from '../statistics.ts';

const RESAMPLES = 2_000;
/** Fixed, so that the same measurements always give the same interval. */
const SEED = [20_261_128, 18, 2] as const;

/** A median, and the interval in which it lies with 95% confidence. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The median of repeated measurements, with its bootstrap interval: the measurements are drawn again, with
 * replacement, and the middle 95% of the medians of those draws are between `low` and `high`.
 * `[1, 2, 9]` → the median 2, between 1 and 9.
 * @param values at least one.
 */
export const intervalOf = (values: readonly number[]): Interval => {
  const random = createStream(...SEED);
  const medians = Array.from({ length: RESAMPLES }, () =>
    medianOf(values.map(() => values[random.integer(0, values.length - 1)] ?? Number.NaN)),
  );
  return { value: medianOf(values), low: percentile(medians, 2.5), high: percentile(medians, 97.5) };
};

/** The middle value, or the mean of the two in the middle. */
const medianOf = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
};

/** Divides the measurements of each round, and gives the median of these ratios. */
export const ratioOf = (above: readonly number[], below: readonly number[]): Interval =>
  intervalOf(above.map((value, round) => value / (below[round] ?? Number.NaN)));
