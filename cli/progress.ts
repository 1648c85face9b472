import type { Progress } from '../local/part.ts';

const BAR_WIDTH = 24;

/** Where progress goes: standard error always, so that standard output holds results only. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly write: (text: string) => unknown;
}

/**
 * Shows the progress of long work: a line that is drawn over again on a terminal, plain lines elsewhere, JSON lines with
 * `--json`.
 */
export const createProgress = (format: 'text' | 'json', output: ProgressOutput = process.stderr): Progress => {
  let lastLine = '';
  return (update) => {
    if (format === 'json') {
      output.write(`${JSON.stringify({ event: 'progress', ...update })}\n`);
      return;
    }
    const line = toLine(update, output.isTTY === true);
    if (line === lastLine) return;
    lastLine = line;
    output.write(output.isTTY === true ? `\r\u001b[2K${line}${isComplete(update) ? '\n' : ''}` : `${line}\n`);
  };
};

type Update = Parameters<Progress>[0];

const isComplete = ({ done, total }: Update): boolean => done !== undefined && done === total;

const toLine = ({ step, detail, done, total }: Update, isBar: boolean): string => {
  const count = done === undefined || total === undefined ? '' : ` ${bar(done, total, isBar)}${done}/${total}`;
  return `${step}${count}${detail === undefined ? '' : `: ${detail}`}`;
};

const bar = (done: number, total: number, isBar: boolean): string => {
  if (!isBar) return '';
  const filled = total === 0 ? BAR_WIDTH : Math.round((Math.min(done, total) / total) * BAR_WIDTH);
  return `[${'#'.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)}] `;
};
