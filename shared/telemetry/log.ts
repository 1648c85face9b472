import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import type { LogLevel } from '../config.ts';

/** Structured logging: data in fields, a constant message. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** Cloud Logging's severities: https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry#LogSeverity */
const SEVERITY: Readonly<Record<string, string>> = {
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
  fatal: 'CRITICAL',
};

/**
 * A log of one JSON object a line in Cloud Logging's own fields.
 * @param functionName becomes the label `function` of every line.
 * @param destination standard output when left out.
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

/** The same log, pretty when standard output is a terminal. The printer is loaded only then. */
export const createProcessLog = async (functionName: string, level: LogLevel): Promise<Log> => {
  if (!process.stdout.isTTY) return createLog(functionName, level);
  const { default: pretty } = await import('pino-pretty');
  return createLog(functionName, level, pretty({ messageKey: 'message', levelKey: 'severity', sync: true }));
};
