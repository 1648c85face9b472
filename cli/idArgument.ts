import { InvalidArgumentError } from 'commander';
import { parseId } from '../shared/messaging/parseId.ts';
import { ID_MAX } from '../shared/messaging/parseMessage.ts';

/**
 * Makes the parser of an id on the command line: `idArgument('an order id')('17')` gives 17n. Anything else
 * throws an InvalidArgumentError that says what is allowed.
 */
export const idArgument =
  (what: string) =>
  (text: string): bigint => {
    const id = parseId(text);
    if (id !== undefined) return id;
    throw new InvalidArgumentError(`Expected ${what}, a whole number from 0 to ${ID_MAX}.`);
  };
