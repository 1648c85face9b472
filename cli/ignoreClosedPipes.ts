/**
 * Lets a command go on whose reader has gone, as in `tally audit --csv | head`. It ends as it would have,
 * with its own exit code: one that changes something must not die in the middle of it.
 */
export const ignoreClosedPipes = (streams: readonly NodeJS.WritableStream[]): void => {
  for (const stream of streams) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
};
