import { InvalidArgumentError } from 'commander';

/**
 * The parser of an option that is a whole number, both bounds included. Digits only: no sign, no exponent, no hexadecimal.
 * @throws InvalidArgumentError, the parser, which says what is allowed.
 */
export const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}.`);
  };
