import { errors, types } from 'cassandra-driver';
import { TransientError } from '../errors.ts';

/** Server error codes that say that the cluster could not, not that the statement is wrong. */
const TRANSIENT_CODES: ReadonlySet<number> = new Set([
  types.responseErrorCodes.serverError,
  types.responseErrorCodes.badCredentials,
  types.responseErrorCodes.unavailableException,
  types.responseErrorCodes.overloaded,
  types.responseErrorCodes.isBootstrapping,
  types.responseErrorCodes.truncateError,
  types.responseErrorCodes.writeTimeout,
  types.responseErrorCodes.readTimeout,
  types.responseErrorCodes.readFailure,
  types.responseErrorCodes.writeFailure,
]);

/** A fault of the world as a TransientError, by class and code; anything else is a bug and comes back as it is. */
export const toStoreError = (error: unknown): unknown => {
  const isTransient =
    error instanceof errors.NoHostAvailableError ||
    error instanceof errors.OperationTimedOutError ||
    error instanceof errors.BusyConnectionError ||
    error instanceof errors.AuthenticationError ||
    (error instanceof errors.ResponseError && TRANSIENT_CODES.has(error.code)) ||
    isSocketError(error) ||
    isUnprepared(error);
  return isTransient ? new TransientError('the store did not answer', { cause: error }) : error;
};

/**
 * The driver throws a bare Error, with the statement on it, when a node has no connection at the moment to prepare it on. What is
 * wrong with a statement comes as a ResponseError.
 */
const isUnprepared = (error: unknown): boolean =>
  error instanceof Error && Object.getPrototypeOf(error) === Error.prototype && 'query' in error;

/** The driver marks a request that was in flight on a lost connection with this flag; Node names socket errors by code. */
const isSocketError = (error: unknown): boolean =>
  error instanceof Error &&
  (('isSocketError' in error && error.isSocketError === true) ||
    ('code' in error && typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code)));
