import { describe, expect, it } from 'vitest';
import { createRowProgress } from '../../cli/rowProgress.ts';
import type { ProgressUpdate } from '../../local/progress.ts';

const watch = () => {
  const shown: ProgressUpdate[] = [];
  const time = { nowMs: 5_000 };
  const onRows = createRowProgress(
    (update) => shown.push(update),
    'Dead letters',
    () => time.nowMs,
  );
  return { shown, time, onRows };
};

describe('the progress of a scan', () => {
  it('is shown once every 32,768 rows, and not at all for a small table', () => {
    const { shown, onRows } = watch();

    for (let rows = 1; rows <= 70_000; rows += 1) onRows(rows);

    expect(shown).toEqual([
      { step: 'Dead letters', detail: '32768 rows read in 0 s' },
      { step: 'Dead letters', detail: '65536 rows read in 0 s' },
    ]);
  });

  it('is shown every ten seconds where hardly a row is found', () => {
    const { shown, time, onRows } = watch();

    for (let second = 0; second < 25; second += 1) {
      onRows(3);
      time.nowMs += 1_000;
    }

    expect(shown).toEqual([
      { step: 'Dead letters', detail: '3 rows read in 10 s' },
      { step: 'Dead letters', detail: '3 rows read in 20 s' },
    ]);
  });
});
