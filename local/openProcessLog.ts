import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** With these and a message, a small terminal is not full. The error of a crashed Node is among them. */
const LAST_LINES_MAX = 15;

interface ProcessLog {
  readonly write: (line: string) => void;
  /** The last 15 lines. */
  readonly lastLines: () => readonly string[];
  readonly close: () => void;
}

/** Opens an empty log file, and its folder. When the disk gets full, only the last lines go on. */
export const openProcessLog = async (logFile: string): Promise<ProcessLog> => {
  mkdirSync(dirname(logFile), { recursive: true });
  const file = createWriteStream(logFile);
  await once(file, 'open');
  const last: string[] = [];
  const keep = (line: string): void => {
    last.push(line);
    if (last.length > LAST_LINES_MAX) last.shift();
  };
  file.on('error', (error) => keep(`(the log cannot be written: ${error.message})`));
  return {
    write: (line) => {
      file.write(`${line}\n`);
      keep(line);
    },
    lastLines: () => [...last],
    close: () => file.end(),
  };
};
