type Stream = NodeJS.WritableStream & { readonly isTTY?: boolean };

/**
 * Lets a command go on whose reader has gone, as in `tally audit --csv | head`, or whose terminal was closed.
 * It ends as it would have, with its own exit code: one that changes something must not die in the middle of
 * it.
 */
export const ignoreClosedPipes = (streams: readonly Stream[]): void => {
  for (const stream of streams) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // EIO is what a terminal that is gone answers. From a file it would be a disk that fails.
      if (error.code !== 'EPIPE' && !(stream.isTTY === true && error.code === 'EIO')) throw error;
    });
  }
};
