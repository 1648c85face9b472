import { TransientError } from '../shared/errors.ts';
import { UnableError } from './unableError.ts';

/** Of Cassandra's native protocol: the login may not do this. For a number the driver is not loaded. */
const UNAUTHORIZED = 0x2100;

/**
 * Turns what kept a command from its work into an UnableError: 1 is an answer of many commands, and this is
 * none.
 * @returns any other error unchanged.
 */
export const toUnableError = (error: unknown): unknown => {
  if (error instanceof TransientError) return new UnableError('could not finish', { cause: error });
  return error instanceof Error && 'code' in error && error.code === UNAUTHORIZED
    ? new UnableError('the login may not do this', { cause: error })
    : error;
};
