import { describe, expect, it } from 'vitest';
import { isInIban } from '../../../shared/masking/isInIban.ts';

describe('isInIban', () => {
  it.each([
    ['DK5000400440116243', 2],
    ['pay to DK5000400440116243, please', 9],
    ['GB29NWBK60161331926819', 8],
    ['DK50004004401162430000000000000022', 2],
  ])('finds the digits of %s', (text, index) => {
    expect(isInIban(text, index)).toBe(true);
  });

  it.each([
    ['a wrong check digit', 'DK5000400440116244', 2],
    ['no country', '5000400440116243', 0],
    ['more behind it than an IBAN has', `DK5000400440116243${'1'.repeat(40)}`, 2],
    ['lower case', 'dk5000400440116243', 2],
    ['a digit before its country, though the check is right', '1DK5000400440116147', 3],
    ['a letter for a check digit, though the check is right', 'DK5A00400440116170', 4],
    ['35 characters, though the check is right', 'DK500040044011624300000000000000166', 2],
  ])('finds none with %s', (_how, text, index) => {
    expect(isInIban(text, index)).toBe(false);
  });
});
