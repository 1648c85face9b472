import { join } from 'node:path';
import * as z from 'zod';
import { jsonOf } from '../local/jsonOf.ts';
import { cutText } from './cutText.ts';
import { nearPath } from './nearPath.ts';
import { showText } from './showText.ts';

/** A function may log thousands of lines in a second. They must not push all else off the screen. */
const LINES_MAX = 5;
const WINDOW_MS = 10_000;

const lineSchema = z.object({
  severity: z.string(),
  message: z.string(),
  outcome: z.string().optional(),
  error: z.string().nullish(),
  error_cause: z.string().optional(),
  order_id: z.string().nullish(),
});
type LogLine = z.infer<typeof lineSchema>;

interface FunctionReportOptions {
  readonly logFolder: string;
  /** Default: standard error. */
  readonly write?: (line: string) => void;
}

interface FunctionReport {
  /** Gets every line that a function logs. */
  readonly onLine: (name: string, line: string) => void;
  /** Says how many lines were left out, and forgets them. */
  readonly end: () => void;
}

/**
 * Shows what an operator must know as it happens: one line for a message that can never be accepted, and one
 * for a warning or an error. Each says where to read more. Everything goes to the log files as well. Of one
 * function and one kind, at most 5 lines are shown in 10 s; then a line says how many more there were.
 */
export const createFunctionReport = ({
  logFolder,
  write = (line) => console.error(line),
}: FunctionReportOptions): FunctionReport => {
  const windows = new Map<string, { shown: number; more: number; close: () => void }>();
  const logOf = (name: string): string => nearPath(join(logFolder, `${name}.log`));
  const openWindow = (name: string, kind: string) => {
    const key = `${name} ${kind}`;
    const close = (): void => {
      clearTimeout(timer);
      windows.delete(key);
      if (window.more > 0) write(`${name}: ${window.more} more (${kind}), see ${logOf(name)}`);
    };
    const timer = setTimeout(close, WINDOW_MS).unref();
    const window = { shown: 0, more: 0, close };
    windows.set(key, window);
    return window;
  };
  return {
    onLine: (name, text) => {
      const line = parseLine(text);
      const kind = line === undefined ? undefined : kindOf(line);
      if (line === undefined || kind === undefined) return;
      const window = windows.get(`${name} ${kind}`) ?? openWindow(name, kind);
      if (window.shown === LINES_MAX) window.more += 1;
      else {
        window.shown += 1;
        const where = `${name}: ${kind}, see ${whereOf(line, logOf(name))}: `;
        // The order id may look like a card number. I8 exempts ids, and masked it would name no order.
        write(cutText(`${where}${whatOf(line)}`, undefined, where.length));
      }
    },
    end: () => {
      for (const { close } of windows.values()) close();
    },
  };
};

/** Undefined: the line is not one of the log, such as a line of a stack. */
const parseLine = (text: string): LogLine | undefined =>
  text.startsWith('{') ? lineSchema.safeParse(jsonOf(text)).data : undefined;

/** Undefined: nobody needs to see the line. */
const kindOf = ({ severity, outcome }: LogLine): string | undefined => {
  if (outcome === 'invalid') return 'invalid';
  return ['WARNING', 'ERROR', 'CRITICAL'].includes(severity) ? severity.toLowerCase() : undefined;
};

/** A dead letter whose order id could be read is found by it. Only the log knows of everything else. */
const whereOf = ({ outcome, order_id }: LogLine, log: string): string =>
  outcome === 'invalid' && typeof order_id === 'string' ? `npx tally order ${order_id}` : log;

const whatOf = ({ outcome, message, error, error_cause }: LogLine): string =>
  showText([outcome === 'invalid' ? '' : message, error, error_cause].filter(Boolean).join(': '));
