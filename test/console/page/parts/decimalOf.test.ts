import { expect, it } from 'vitest';
import { decimalOf } from '../../../../console/page/parts/decimalOf.ts';

it.each([
  ['0.5', 0.5],
  [' 100 ', 100],
  ['-1', -1],
])('reads %j', (text, expected) => {
  expect(decimalOf(text)).toBe(expected);
});

it.each(['', '  ', '0x10', '0b1', '1,000', 'Infinity'])('takes %j for no number', (text) => {
  expect(decimalOf(text)).toBeNaN();
});
