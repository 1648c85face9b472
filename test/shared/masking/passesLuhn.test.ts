import { expect, it } from 'vitest';
import { passesLuhn } from '../../../shared/masking/passesLuhn.ts';

it.each([
  ['4111111111111111', true],
  ['378282246310005', true],
  ['4111111111111112', false],
  ['0', true],
])('says whether %s has the right check digit: %s', (digits, expected) => {
  expect(passesLuhn(digits)).toBe(expected);
});
