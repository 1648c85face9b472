import { describe, expect, it } from 'vitest';
import { wholeNumber } from '../../cli/wholeNumber.ts';

describe('an option that is a whole number', () => {
  it.each([
    ['its lowest', '1', 1],
    ['its highest', '600', 600],
    ['a number with zeros before it', '007', 7],
  ])('is read where it is %s', (_what, text, value) => {
    expect(wholeNumber(1, 600)(text)).toBe(value);
  });

  it.each(['0', '601', '-1', '+1', '1.5', '1e2', '0x10', ' 1', '1 ', '', 'soon', '९'])(
    'is refused as %j, with what is allowed',
    (text) => {
      expect(() => wholeNumber(1, 600)(text)).toThrow('Expected a whole number from 1 to 600.');
    },
  );
});
