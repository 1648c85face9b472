import { InvalidArgumentError } from 'commander';

/**
 * Makes the parser of an option that is a whole number: `wholeNumber(1, 9)('7')` gives 7. Both bounds are
 * allowed. It takes digits only: no sign, no exponent, no hexadecimal. Anything else throws an
 * InvalidArgumentError that says what is allowed.
 */
export const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}.`);
  };
