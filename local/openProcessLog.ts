import { once } from 'node:events';
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { dirname } from 'node:path';

/** With these and a message, a small terminal is not full. The error of a crashed Node is among them. */
const LAST_LINES_MAX = 15;
/** So long after an error the file is opened again: a full disk may have room by then. */
const REOPEN_AFTER_MS = 1_000;

interface ProcessLog {
  readonly write: (line: string) => void;
  /** The last 15 lines. */
  readonly lastLines: () => readonly string[];
  readonly close: () => void;
}

/**
 * Opens an empty log file, and its folder. While the disk is full, only the last lines go on. After that the
 * file goes on too, with a line that says where some are missing.
 */
export const openProcessLog = async (logFile: string): Promise<ProcessLog> => {
  mkdirSync(dirname(logFile), { recursive: true });
  let failedAtMs: number | undefined;
  const open = (flags: 'w' | 'a'): WriteStream =>
    createWriteStream(logFile, { flags }).on('error', ({ message }) => {
      failedAtMs = performance.now();
      keep(`(the log cannot be written: ${message})`);
    });
  const last: string[] = [];
  const keep = (line: string): void => {
    last.push(line);
    if (last.length > LAST_LINES_MAX) last.shift();
  };
  let file = open('w');
  await once(file, 'open');
  return {
    write: (line) => {
      if (failedAtMs !== undefined && performance.now() > failedAtMs + REOPEN_AFTER_MS) {
        failedAtMs = undefined;
        file = open('a');
        file.write('\n(lines are missing here: the log could not be written)\n');
      }
      if (failedAtMs === undefined) file.write(`${line}\n`);
      keep(line);
    },
    lastLines: () => [...last],
    close: () => file.end(),
  };
};
