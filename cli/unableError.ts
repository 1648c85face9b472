/** A command was not able to do its work, here or now. It exits with 2, because 1 is an answer. */
export class UnableError extends Error {
  override readonly name = 'UnableError';
}
