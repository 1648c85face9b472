import type { ServiceDefinition } from '@grpc/grpc-js';
import { notEmulated } from './statusError.ts';

/**
 * A request has at most so many bytes, on either wire. That is more than Pub/Sub's own limit: a publish that
 * is too large must get an answer, not a reset connection.
 */
export const REQUEST_BYTES_MAX = 32 * 1024 * 1024;

/**
 * Answers one request, whichever wire it came on.
 * @param request as gRPC's deserialiser gives it.
 * @param signal aborted when the client no longer waits.
 * @returns the response, as gRPC's serialiser takes it.
 * @throws StatusError or ZodError
 */
export type Answer = (request: unknown, signal: AbortSignal) => object | Promise<object>;

/** By the method's name. */
export type Methods = Readonly<Record<string, Answer>>;

/** One service of Pub/Sub: what Google defines, and what this server answers. */
export interface Service {
  readonly definition: ServiceDefinition;
  readonly methods: Methods;
}

/** By the service's name. */
export type Services = Readonly<Record<string, Service>>;

/** The method of that name. One that this server does not have answers UNIMPLEMENTED, with a sentence. */
export const methodOf = (methods: Methods, name: string): Answer =>
  methods[name] ?? (() => Promise.reject(notEmulated(name)));
