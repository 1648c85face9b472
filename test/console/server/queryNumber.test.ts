import { expect, it } from 'vitest';
import { queryNumber } from '../../../console/server/queryNumber.ts';

const limit = queryNumber('expected a whole number from 1 to 9', 1, 9);

it('takes both of its bounds', () => {
  expect([limit.parse('1'), limit.parse('9')]).toEqual([1, 9]);
});

it.each(['', ' ', '0', '10', '1.5', '0x5', ' 5', 'five'])('refuses %j', (text) => {
  expect(limit.safeParse(text).error?.issues.map(({ message }) => message)).toEqual([
    'expected a whole number from 1 to 9',
  ]);
});
