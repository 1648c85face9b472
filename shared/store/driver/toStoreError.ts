import { errors, types } from 'cassandra-driver';
import { TransientError } from '../../errors.ts';

/** The codes of server errors that say that the cluster failed, not that the statement is wrong. */
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

/**
 * Turns a failure of the cluster or the network into a TransientError. Class and code decide, never a text.
 * @returns any other error unchanged, because that is a bug.
 */
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
 * The driver throws a bare Error with the statement in `query` when a node has no connection on which to
 * prepare it. When the statement itself is wrong, the driver throws a ResponseError.
 */
const isUnprepared = (error: unknown): boolean =>
  error instanceof Error && Object.getPrototypeOf(error) === Error.prototype && 'query' in error;

/**
 * The driver sets `isSocketError` on the error of a request that was in flight on a lost connection. Node
 * gives its own socket errors a code, such as `ECONNRESET`.
 */
const isSocketError = (error: unknown): boolean =>
  error instanceof Error &&
  (('isSocketError' in error && error.isSocketError === true) ||
    ('code' in error && typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code)));
