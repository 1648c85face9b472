import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

const TAIL_LINES = 30;

interface ProcessLog {
  readonly write: (line: string) => void;
  /** The last 30 lines. */
  readonly tail: () => string;
  readonly close: () => void;
}

/** Opens an empty log file, and its folder. When the disk gets full, only the tail goes on. */
export const openProcessLog = async (logFile: string): Promise<ProcessLog> => {
  mkdirSync(dirname(logFile), { recursive: true });
  const file = createWriteStream(logFile);
  await once(file, 'open');
  const tail: string[] = [];
  const keep = (line: string): void => {
    tail.push(line);
    if (tail.length > TAIL_LINES) tail.shift();
  };
  file.on('error', (error) => keep(`(the log cannot be written: ${error.message})`));
  return {
    write: (line) => {
      file.write(`${line}\n`);
      keep(line);
    },
    tail: () => tail.join('\n'),
    close: () => file.end(),
  };
};
