import { expect, it } from 'vitest';
import { isNothing } from '../../../../console/page/parts/isNothing.ts';

const sum = (total: number | null, ...counts: readonly number[]) => ({
  name: 'orders',
  terms: counts.map((count) => ({ name: 'paid', count, note: '', state: null, ids: false })),
  total,
  offBy: null,
  why: null,
  note: '',
});

it.each<[string, readonly ReturnType<typeof sum>[], boolean]>([
  ['no sum', [], true],
  ['a total and terms of 0', [sum(0, 0, 0)], true],
  ['a total that is not known, of terms of 0', [sum(null, 0)], true],
  ['a total that is not known, of terms that were counted', [sum(0), sum(null, 0, 3)], false],
  ['a total without terms', [sum(0), sum(2)], false],
])('tells whether it is nothing: %s', (_what, sums, expected) => {
  expect(isNothing(sums)).toBe(expected);
});
