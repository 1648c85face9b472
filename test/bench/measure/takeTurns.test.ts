import { expect, it } from 'vitest';
import { takeTurns } from '../../../bench/measure/takeTurns.ts';
import type { ProgressUpdate } from '../../../local/progress.ts';

it('keeps no measurement of the rounds that warm up, and shows whose turn it is', async () => {
  const updates: ProgressUpdate[] = [];
  let turn = 0;
  const contestants = ['a', 'b'].map((name) => ({
    name,
    measure: async () => {
      turn += 1;
      return turn;
    },
  }));

  const results = await takeTurns({
    step: 'Scale',
    contestants,
    sizes: { rounds: 1, warmUpRounds: 2 },
    merge: (there, back) => there + back,
    progress: (update) => updates.push(update),
  });

  expect([...results]).toEqual([
    ['a', [9 + 12]],
    ['b', [10 + 11]],
  ]);
  expect(updates.map(({ detail }) => detail).join('')).toBe('abbaabbaabba');
  expect(updates.at(-1)).toEqual({ step: 'Scale', detail: 'a', done: 11, total: 12 });
});
