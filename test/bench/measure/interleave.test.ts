import { expect, it } from 'vitest';
import { interleave } from '../../../bench/measure/interleave.ts';

it('measures by turns, there and back, and makes one measurement of the two of a round', async () => {
  const turns: string[] = [];
  const contestants = ['a', 'b', 'c'].map((name) => ({
    name,
    measure: async () => {
      turns.push(name);
      return turns.length;
    },
  }));

  const results = await interleave(contestants, 2, (there, back) => there + back);

  expect(turns.join('')).toBe('abccbaabccba');
  // What rises by the same amount each turn gives all contestants the same.
  expect([...results]).toEqual([
    ['a', [7, 19]],
    ['b', [7, 19]],
    ['c', [7, 19]],
  ]);
});
