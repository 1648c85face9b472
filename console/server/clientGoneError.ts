/** The client has left before its answer. Nobody waits for the rest of the work, and it is no bug. */
export class ClientGoneError extends Error {
  override readonly name = 'ClientGoneError';
}
