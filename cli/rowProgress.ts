import type { Progress } from '../local/progress.ts';

const EVERY_ROWS = 32_768;
const EVERY_MS = 10_000;

/**
 * Shows how many rows of a table have been read, now and then: a scan of millions takes minutes, and so does
 * one of years in which hardly a day has a row.
 * @param step what the rows are read for.
 * @param clock milliseconds since any moment.
 * @returns a function to call with the number of rows so far, also when no more were found.
 */
export const createRowProgress = (
  progress: Progress,
  step: string,
  clock: () => number = () => performance.now(),
): ((rows: number) => void) => {
  const startedAtMs = clock();
  let shown = { rows: 0, atMs: startedAtMs };
  return (rows) => {
    const nowMs = clock();
    if (rows - shown.rows < EVERY_ROWS && nowMs - shown.atMs < EVERY_MS) return;
    shown = { rows, atMs: nowMs };
    progress({ step, detail: `${rows} rows read in ${Math.round((nowMs - startedAtMs) / 1_000)} s` });
  };
};
