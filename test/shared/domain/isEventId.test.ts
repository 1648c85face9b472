import { expect, it } from 'vitest';
import { isEventId } from '../../../shared/domain/isEventId.ts';

it('an event id is 32 hex digits in lower case', () => {
  expect(isEventId('0123456789abcdef'.repeat(2))).toBe(true);
});

it.each(['', 'a'.repeat(31), 'a'.repeat(33), 'A'.repeat(32), 'g'.repeat(32), `${'a'.repeat(32)}\n`])(
  'an event id is not %j',
  (text) => {
    expect(isEventId(text)).toBe(false);
  },
);
