/**
 * The promises of `docs/guarantees.md`. `bug` is an error of the product that breaks none of them by itself.
 */
export type PromiseName = 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8' | 'bug';

/** A promise that a run found broken. */
export interface Violation {
  readonly promise: PromiseName;
  readonly detail: string;
}
