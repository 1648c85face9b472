/**
 * The message can never succeed, however often it is delivered: it is dead-lettered on its first delivery (I7).
 * Permanence is claimed by throwing this class, never inferred from a message text.
 */
export class PermanentError extends Error {
  override readonly name = 'PermanentError';
}

/** The world failed (timeout, unavailable, overloaded): the same message may succeed later, so it is retried. */
export class TransientError extends Error {
  override readonly name = 'TransientError';
}

/** A setting or an option is missing or malformed; `problems` holds one sentence for each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`configuration is not valid:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/** Makes an exhaustive `switch` fail to compile when a case is added and not handled. */
export const assertNever = (value: never): never => {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
};
