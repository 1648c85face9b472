import { status } from '@grpc/grpc-js';

/** A refusal, with the gRPC status that production answers: https://grpc.io/docs/guides/status-codes/ */
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

/** @param name a full name, such as `projects/<project>/topics/<name>`. */
export const notFound = (name: string): StatusError =>
  new StatusError(status.NOT_FOUND, `Resource not found (resource=${lastPart(name)}).`);

export const alreadyExists = (name: string): StatusError =>
  new StatusError(
    status.ALREADY_EXISTS,
    `Resource already exists in the project (resource=${lastPart(name)}).`,
  );

/** @param what a feature that this server does not have, as a noun: `filters`. */
export const notEmulated = (what: string): StatusError =>
  new StatusError(
    status.UNIMPLEMENTED,
    `Tally's local Pub/Sub has no ${what}: docs/local-pubsub.md says what it has, and what to use instead.`,
  );

/** The server stops. After this status a client opens its streams again. */
export const stopped = (): StatusError => new StatusError(status.UNAVAILABLE, 'The server is stopping.');

const lastPart = (name: string): string => name.slice(name.lastIndexOf('/') + 1);
