/** What happened to one input. */
export interface Verdict {
  /** A short text for the counts, such as `onOrder 204 joined`. */
  readonly outcome: string;
  /** Whether the judge calls it malformed. */
  readonly isMalformed: boolean;
  /** What was wrong; undefined when nothing was. */
  readonly violation?: string;
}

/** One input of a suite. When it shows a violation, its payload is made smaller. */
export interface Input {
  readonly how: string;
  readonly payload: Buffer;
  /** Runs the product with a payload, and judges the result. A throw counts as a violation. */
  readonly check: (payload: Buffer) => Promise<Verdict>;
}

/** Makes the input with a number. The same seed and number always give the same input. */
export type Suite = (seed: number, index: number) => Input;

/**
 * The text of the first fault that is there. Each fault is a condition that must not hold, and a text about
 * it.
 */
export const firstOf = (...faults: readonly (readonly [boolean, string])[]): string | undefined =>
  faults.find(([isFault]) => isFault)?.[1];
