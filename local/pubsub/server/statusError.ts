import { status } from '@grpc/grpc-js';

/** A refusal with the gRPC status that production answers: https://grpc.io/docs/guides/status-codes/ */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly code: status;
  readonly details: string;

  constructor(code: status, details: string) {
    super(details);
    this.code = code;
    this.details = details;
  }
}

export const invalidArgument = (details: string): StatusError =>
  new StatusError(status.INVALID_ARGUMENT, details);

export const notFound = (resource: string): StatusError =>
  new StatusError(status.NOT_FOUND, `Resource not found (resource=${resource}).`);

export const alreadyExists = (resource: string): StatusError =>
  new StatusError(status.ALREADY_EXISTS, `Resource already exists in the project (resource=${resource}).`);
