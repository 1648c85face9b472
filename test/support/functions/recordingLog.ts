import type { LogLevel } from '../../../shared/config.ts';
import { createLog, type Log } from '../../../shared/telemetry/log.ts';

export type LogLine = Readonly<Record<string, unknown>>;

/** The real log, in memory. `lines()` returns one object for each line. */
export const createRecordingLog = (
  level: LogLevel = 'debug',
): { readonly log: Log; readonly text: () => string; readonly lines: () => LogLine[] } => {
  let text = '';
  const log = createLog('onOrder', level, {
    write: (chunk) => {
      text += chunk;
    },
  });
  return {
    log,
    text: () => text,
    lines: () =>
      text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as LogLine),
  };
};
