import { expect, it } from 'vitest';
import { parseId } from '../../../shared/messaging/parseId.ts';

it.each([
  ['0', 0n],
  ['017', 17n],
  ['9223372036854775807', 9_223_372_036_854_775_807n],
])('an id is read: %s', (text, id) => {
  expect(parseId(text)).toBe(id);
});

it.each(['', '-1', '+1', '1.0', '1e3', '0x10', ' 1', '9223372036854775808', '0'.repeat(20)])(
  'an id is not %j',
  (text) => {
    expect(parseId(text)).toBeUndefined();
  },
);
