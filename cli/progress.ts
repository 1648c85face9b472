import type { Progress } from '../local/progress.ts';
import { toJsonLine } from './toJsonLine.ts';

const BAR_WIDTH = 24;
const MILESTONES = 10;
/**
 * A tenth of a million runs takes minutes. After this long, a count that has moved is shown before its tenth
 * is full.
 */
const LINE_EVERY_MS = 30_000;
/**
 * Goes up to the line above and clears it. Every line ends with a line feed, also one that is drawn again, so
 * that a result or an error that follows starts on a new line.
 */
const LINE_UP = '\u001b[1A\u001b[2K';

/** Where progress goes. By default that is standard error, so that standard output holds results only. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  /** The terminal's width. */
  readonly columns?: number;
  readonly write: (text: string) => unknown;
}

/**
 * Shows how far long work is. On a terminal one line is drawn again and again. Elsewhere, and where `TERM` is
 * `dumb`, plain lines are written; with the format `json`, lines of JSON.
 * @param clock milliseconds since any moment.
 */
export const createProgress = (
  format: 'text' | 'json',
  output: ProgressOutput = process.stderr,
  clock: () => number = () => performance.now(),
): Progress => {
  // A dumb terminal cannot go up a line.
  const isTerminal = output.isTTY === true && format === 'text' && process.env.TERM !== 'dumb';
  let last = { key: '', line: '', atMs: 0 };
  let lastStep = '';
  return (update) => {
    const line = toLine(update, isTerminal);
    const key = isTerminal ? line : milestone(update);
    const isDue = clock() - last.atMs >= LINE_EVERY_MS && line !== last.line;
    if (key === last.key && !isDue) return;
    last = { key, line, atMs: clock() };
    if (format === 'json') output.write(`${toJsonLine({ event: 'progress', ...update })}\n`);
    else if (!isTerminal) output.write(`${line}\n`);
    else output.write(`${lastStep === update.step ? LINE_UP : ''}${cut(line, output)}\n`);
    lastStep = update.step;
  };
};

type Update = Parameters<Progress>[0];

/** Off a terminal a count is shown at every tenth of the way only, because no line is drawn again there. */
const milestone = (update: Update): string => {
  const { step, detail, done, total } = update;
  if (done === undefined || total === undefined || total === 0) return toLine(update, false);
  return `${step} ${detail} ${Math.floor((done / total) * MILESTONES)}`;
};

const toLine = ({ step, detail, done, total }: Update, isBar: boolean): string => {
  const count =
    done === undefined || total === undefined ? '' : ` ${bar(done, total, isBar)}${done}/${total}`;
  return `${step}${count}${detail === undefined ? '' : `: ${detail}`}`;
};

/** A line that wraps could not be drawn again. */
const cut = (line: string, { columns }: ProgressOutput): string =>
  columns === undefined || columns < 1 ? line : line.slice(0, columns - 1);

const bar = (done: number, total: number, isBar: boolean): string => {
  if (!isBar) return '';
  const filled = total === 0 ? BAR_WIDTH : Math.round((Math.min(done, total) / total) * BAR_WIDTH);
  return `[${'#'.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)}] `;
};
