import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import type { LogLevel } from '../config.ts';

/** A structured log. The message is a constant text, and the data is in fields. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

/**
 * The severities of Cloud Logging:
 * https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry#LogSeverity.
 */
const SEVERITY: Readonly<Record<string, string>> = {
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
  fatal: 'CRITICAL',
};

/**
 * A log that writes one JSON object per line, with Cloud Logging's field names:
 * https://cloud.google.com/logging/docs/structured-logging.
 * @param functionName becomes the label `function` of every line.
 * @param level lines below this level are not written.
 * @param destination where the lines go; standard output when left out.
 */
export const createLog = (functionName: string, level: LogLevel, destination?: DestinationStream): Log =>
  pino(
    {
      level,
      messageKey: 'message',
      base: { 'logging.googleapis.com/labels': { function: functionName } },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ severity: SEVERITY[label] ?? 'DEFAULT' }) },
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
  );

/** The log of a process. On a terminal, a formatter makes its lines readable. It is loaded only then. */
export const createProcessLog = async (functionName: string, level: LogLevel): Promise<Log> => {
  if (!process.stdout.isTTY) return createLog(functionName, level);
  const { default: pretty } = await import('pino-pretty');
  return createLog(functionName, level, pretty({ messageKey: 'message', levelKey: 'severity', sync: true }));
};
