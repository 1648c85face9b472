import { describeError } from './describeError.ts';

/** Says that an operation is done and that its end could not be written. What came of it follows. */
export const sayUnclosed = (error: unknown): void =>
  console.error(`The history has no result of this command, because ${describeError(error)}.`);
