interface Ending {
  /** Which process: `Cassandra`, `Pub/Sub`, or a function. */
  readonly process: string;
  /** How it ended, such as `was ended by SIGKILL`. */
  readonly how: string;
  readonly logFile: string;
  /** The last lines that it printed. Empty: it printed nothing. */
  readonly lastLines: readonly string[];
}

/**
 * A process that we had started ended by itself, or was not ready in time. The message says which, how, and
 * where its log is. The end of the log is kept apart, because it is long: a command prints it first, so that
 * the message is the last thing on the screen.
 */
export class ProcessEndedError extends Error {
  override readonly name = 'ProcessEndedError';
  readonly process: string;
  readonly lastLines: readonly string[];

  constructor({ process, how, logFile, lastLines }: Ending) {
    super(`${process} ${how}; its log is ${logFile}`);
    this.process = process;
    this.lastLines = lastLines;
  }
}
