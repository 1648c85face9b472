/** What stops a command: Ctrl-C, a supervisor, a terminal that is closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A signal ended a command before it had a result. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

interface Interruption {
  /** Resolves with the first signal's name. */
  readonly interrupted: Promise<string>;
  /**
   * Waits for the work and gives its result.
   * @throws InterruptedError when a signal comes first. What the work started ends when the process exits.
   */
  readonly orInterrupted: <T>(work: Promise<T>) => Promise<T>;
  /** From here on, the signals do again what they did before. */
  readonly release: () => void;
}

/**
 * Turns the first signal into a promise, so that a command can stop what it started. Later signals change
 * nothing.
 * @param signals default: all that stop a command.
 */
export const waitForInterrupt = (signals: readonly NodeJS.Signals[] = SIGNALS): Interruption => {
  const { promise: interrupted, resolve } = Promise.withResolvers<string>();
  for (const signal of signals) process.on(signal, resolve);
  return {
    interrupted,
    orInterrupted: (work) =>
      Promise.race([
        work,
        interrupted.then((signal): never => {
          throw new InterruptedError(`interrupted by ${signal}`);
        }),
      ]),
    release: () => {
      for (const signal of signals) process.off(signal, resolve);
    },
  };
};
