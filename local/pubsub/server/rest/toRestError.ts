import { status } from '@grpc/grpc-js';
import { toServiceError } from '../toServiceError.ts';

/**
 * What HTTP answers for a gRPC status:
 * https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto
 */
const HTTP_STATUS: Readonly<Partial<Record<status, number>>> = {
  [status.INVALID_ARGUMENT]: 400,
  [status.FAILED_PRECONDITION]: 400,
  [status.OUT_OF_RANGE]: 400,
  [status.UNAUTHENTICATED]: 401,
  [status.PERMISSION_DENIED]: 403,
  [status.NOT_FOUND]: 404,
  [status.ALREADY_EXISTS]: 409,
  [status.ABORTED]: 409,
  [status.RESOURCE_EXHAUSTED]: 429,
  [status.CANCELLED]: 499,
  [status.UNIMPLEMENTED]: 501,
  [status.UNAVAILABLE]: 503,
  [status.DEADLINE_EXCEEDED]: 504,
};

interface RestError {
  readonly error: { readonly code: number; readonly message: string; readonly status: string };
}

/** Google's body for an error: https://cloud.google.com/apis/design/errors#http_mapping */
export const toRestError = (error: unknown): RestError => {
  const { code, details } = toServiceError(error);
  return { error: { code: HTTP_STATUS[code] ?? 500, message: details, status: status[code] } };
};
