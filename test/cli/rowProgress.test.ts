import { describe, expect, it } from 'vitest';
import { createRowProgress } from '../../cli/rowProgress.ts';
import type { ProgressUpdate } from '../../local/progress.ts';

describe('the progress of a scan', () => {
  it('is shown once every 32,768 rows, and not at all for a small table', () => {
    const shown: ProgressUpdate[] = [];
    const onRows = createRowProgress((update) => shown.push(update), 'Dead letters');

    for (let rows = 1; rows <= 70_000; rows += 1) onRows(rows);

    expect(shown).toEqual([
      { step: 'Dead letters', detail: '32768 rows read' },
      { step: 'Dead letters', detail: '65536 rows read' },
    ]);
  });
});
