import { expect, it } from 'vitest';
import { errorKindOf, errorValuesOf } from '../../../shared/operations/errorKindOf.ts';

it.each([
  [
    'price: expected a number, 0 or more, got a string of 6 characters',
    'price: expected a number, 0 or more',
    'got a string of 6 characters',
  ],
  ['a: expected x, got 1; b: expected y, got nothing', 'a: expected x; b: expected y', 'got 1; got nothing'],
  ['payment 7 waits for order 8', 'payment # waits for order #', 'payment 7 waits for order 8'],
  [
    'payment ************1493 waits for order 8',
    'payment # waits for order #',
    'payment ************1493 waits for order 8',
  ],
  ['it took 1.50 s', 'it took # s', 'it took 1.50 s'],
  ['', '', ''],
])('tells the kind of an error from its values: %j', (error, kind, values) => {
  expect([errorKindOf(error), errorValuesOf(error)]).toEqual([kind, values]);
});
