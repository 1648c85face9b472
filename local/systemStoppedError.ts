/** A part of the system ended by itself, so everything was stopped. The cause says which part, and how. */
export class SystemStoppedError extends Error {
  override readonly name = 'SystemStoppedError';
  /** What to do next, in a sentence or two. */
  readonly advice: string;

  constructor(advice: string, cause: unknown) {
    super('everything was stopped', { cause });
    this.advice = advice;
  }
}
