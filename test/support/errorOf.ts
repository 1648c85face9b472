/** What a promise was rejected with, as an Error. If it was not rejected, an Error that says so. */
export const errorOf = (starting: Promise<unknown>): Promise<Error> =>
  starting.then(
    () => new Error('nothing was thrown'),
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );
