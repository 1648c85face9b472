/** What one input showed. */
export interface Verdict {
  /** What it was made as, and what came of it: for the counts. */
  readonly outcome: string;
  /** Whether the judges call it malformed. */
  readonly isMalformed: boolean;
  /** Undefined: nothing wrong. */
  readonly violation?: string;
}

/** One input of a suite. The payload is what is made smaller when it shows a violation. */
export interface Input {
  readonly how: string;
  readonly payload: Buffer;
  /** Runs the product on a payload and judges what it did. It never throws on purpose: a throw is a violation. */
  readonly check: (payload: Buffer) => Promise<Verdict>;
}

/** Makes the input of a number, always the same one. */
export type Suite = (seed: number, index: number) => Input;

/** The first sentence that is true, of pairs of a condition that must not hold and what it would mean. */
export const firstOf = (...faults: readonly (readonly [boolean, string])[]): string | undefined =>
  faults.find(([isFault]) => isFault)?.[1];
