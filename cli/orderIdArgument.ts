import { InvalidArgumentError } from 'commander';
import { ID_MAX } from '../shared/messaging/parseMessage.ts';

/**
 * The parser of an order id on the command line: '17' gives 17n.
 * @throws InvalidArgumentError that says what is allowed.
 */
export const orderIdArgument = (text: string): bigint => {
  if (/^\d{1,19}$/.test(text) && BigInt(text) <= ID_MAX) return BigInt(text);
  throw new InvalidArgumentError(`Expected an order id, a whole number from 0 to ${ID_MAX}.`);
};
