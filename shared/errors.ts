/**
 * The message can never succeed, however often it is delivered. Tally dead-letters it on its first delivery
 * (I7). Code claims that an error is permanent by throwing this class. Nothing infers it from an error text.
 */
export class PermanentError extends Error {
  override readonly name = 'PermanentError';
}

/**
 * Something outside the message failed: a timeout, a node that is not available, an overload. The same
 * message may succeed later, so Pub/Sub delivers it again.
 */
export class TransientError extends Error {
  override readonly name = 'TransientError';
}

/** Settings or options are missing or malformed. `problems` holds one sentence for each of them. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`configuration is not valid:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/**
 * Belongs in the `default` of a `switch` over all cases. The code does not compile while a case is not
 * handled.
 * @throws Error when it is called, which the types exclude.
 */
export const assertNever = (value: never): never => {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
};
