import { InvalidArgumentError } from 'commander';
import { ID_MAX } from '../shared/messaging/parseMessage.ts';

/**
 * Makes the parser of an id on the command line: `idArgument('an order id')('17')` gives 17n. Anything else
 * throws an InvalidArgumentError that says what is allowed.
 */
export const idArgument =
  (what: string) =>
  (text: string): bigint => {
    if (/^\d{1,19}$/.test(text) && BigInt(text) <= ID_MAX) return BigInt(text);
    throw new InvalidArgumentError(`Expected ${what}, a whole number from 0 to ${ID_MAX}.`);
  };
