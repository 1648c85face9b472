import type { Interval } from '../measure/interval.ts';

/** A table of results. */
export interface Section {
  readonly title: string;
  /** What was compared, and how: one sentence each. */
  readonly notes: readonly string[];
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A number that we want to reach. */
export interface Target {
  readonly name: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Such as `>= 3` or `<= 0.25`. */
  readonly target: string;
  readonly met: boolean;
}

/** What a part of the bench has found. */
export interface Result {
  readonly sections: readonly Section[];
  readonly targets: readonly Target[];
  /** The ratios of something to itself. One that strays from 1 makes the run void. */
  readonly controls: readonly number[];
}

/** How far a control may be from 1. */
const CONTROL_STRAY_MAX = 0.1;

/** Whether a control says that these timings mean nothing. `[1.02, 0.85]` → `true`. */
export const isVoid = (controls: readonly number[]): boolean =>
  controls.some((control) => !(Math.abs(control - 1) <= CONTROL_STRAY_MAX));

/** A target that a value must reach, with its interval; an exact count has none. */
export const atLeast = (name: string, measured: Interval | number, bound: number): Target =>
  targetOf(name, measured, `>= ${bound}`, (value) => value >= bound);

/** A target that a value must not exceed. */
export const atMost = (name: string, measured: Interval | number, bound: number): Target =>
  targetOf(name, measured, `<= ${bound}`, (value) => value <= bound);

const targetOf = (
  name: string,
  measured: Interval | number,
  target: string,
  isMet: (value: number) => boolean,
): Target => {
  const { value, low, high } =
    typeof measured === 'number' ? { value: measured, low: measured, high: measured } : measured;
  return { name, value, low, high, target, met: isMet(value) };
};

/** `1234.567` → `1,235`; `0.1234` → `0.123`. */
export const format = (value: number): string => {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 3;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
};

/** `3.1 (2.9 to 3.4)` */
export const formatInterval = ({ value, low, high }: Interval): string =>
  `${format(value)} (${format(low)} to ${format(high)})`;
