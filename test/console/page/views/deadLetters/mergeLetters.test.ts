import { expect, it } from 'vitest';
import { mergeLetters } from '../../../../../console/page/views/deadLetters/mergeLetters.ts';
import { letterRow } from '../../../../support/console/letterRow.ts';

const row = (place: string, redriveCount = 0) => letterRow(place, { redriveCount });

it('keeps rows where they are, as they are now', () => {
  const { rows, isOther } = mergeLetters([row('a'), row('b')], [row('a', 1), row('b')]);

  expect(rows).toEqual([row('a', 1), row('b')]);
  expect(isOther).toBe(false);
});

it('says that a row which is gone is not open any more, and that the list is another one', () => {
  const { rows, isOther } = mergeLetters([row('a'), row('b')], [row('b'), row('c')]);

  expect(rows).toEqual([{ ...row('a'), isOpen: false }, row('b')]);
  expect(isOther).toBe(true);
});
