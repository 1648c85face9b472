/** What a command saw may be wrong or may be on its way. It exits with 3, because a later look can tell. */
export class UndecidedError extends Error {
  override readonly name = 'UndecidedError';
}
