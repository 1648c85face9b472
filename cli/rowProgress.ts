import type { Progress } from '../local/progress.ts';

const EVERY_ROWS = 32_768;

/**
 * Shows how many rows of a table have been read, now and then: a scan of millions takes minutes.
 * @param step what the rows are read for.
 * @returns a function to call with the number of rows so far.
 */
export const createRowProgress = (progress: Progress, step: string): ((rows: number) => void) => {
  let nextRows = EVERY_ROWS;
  return (rows) => {
    if (rows < nextRows) return;
    nextRows = rows + EVERY_ROWS;
    progress({ step, detail: `${rows} rows read` });
  };
};
