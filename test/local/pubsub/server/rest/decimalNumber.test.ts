import { expect, it } from 'vitest';
import { decimalNumber } from '../../../../../local/pubsub/server/rest/decimalNumber.ts';

it.each([
  ['0', 0],
  ['17', 17],
  ['-1.5', -1.5],
  ['1e3', 1_000],
])('reads %j', (text, expected) => {
  expect(decimalNumber(text)).toBe(expected);
});

it.each(['', ' ', ' 16', '0x10', '0b1', '1_000', '.5', '5.', '+1', 'Infinity', '１'])(
  'takes %j for no number',
  (text) => {
    expect(decimalNumber(text)).toBeNaN();
  },
);
