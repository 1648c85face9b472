/** Ctrl-C, a supervisor's stop, a closed terminal. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A signal ended a command before it had a result. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

export interface Interruption {
  /** Resolves with the first signal's name. */
  readonly interrupted: Promise<string>;
  /**
   * The work's own result, unless a signal comes first.
   * @throws InterruptedError; what the work had started goes when the process exits.
   */
  readonly orInterrupted: <T>(work: Promise<T>) => Promise<T>;
}

/** Turns the first signal into a promise, so that a command can stop what it started; later ones change nothing. */
export const waitForInterrupt = (): Interruption => {
  const { promise: interrupted, resolve } = Promise.withResolvers<string>();
  for (const signal of SIGNALS) process.on(signal, resolve);
  return {
    interrupted,
    orInterrupted: (work) =>
      Promise.race([
        work,
        interrupted.then((signal): never => {
          throw new InterruptedError(`interrupted by ${signal}`);
        }),
      ]),
  };
};
