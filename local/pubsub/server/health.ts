import type { ServerUnaryCall, ServerWritableStream, sendUnaryData } from '@grpc/grpc-js';
import { status, type UntypedServiceImplementation } from '@grpc/grpc-js';
import * as z from 'zod';
import { StatusError } from './statusError.ts';
import { toServiceError } from './toServiceError.ts';

interface Health {
  readonly implementation: UntypedServiceImplementation;
  /** Tells those who watch that nothing is served any more, and ends their streams. */
  readonly stop: () => void;
}

const requestSchema = z.object({ service: z.string() });

/**
 * gRPC's health service: https://github.com/grpc/grpc/blob/master/doc/health-checking.md
 * @param services the full names of the services that run. '' stands for the whole server.
 */
export const createHealth = (services: readonly string[]): Health => {
  const watchers = new Set<ServerWritableStream<unknown, object>>();
  const isServed = (request: unknown): boolean =>
    ['', ...services].includes(requestSchema.parse(request).service);

  return {
    implementation: {
      Check: ({ request }: ServerUnaryCall<unknown, object>, callback: sendUnaryData<object>) => {
        if (isServed(request)) callback(null, { status: 'SERVING' });
        else callback(toServiceError(new StatusError(status.NOT_FOUND, 'This server has no such service.')));
      },
      Watch: (call: ServerWritableStream<unknown, object>) => {
        watchers.add(call);
        call.on('cancelled', () => watchers.delete(call));
        call.write({ status: isServed(call.request) ? 'SERVING' : 'SERVICE_UNKNOWN' });
      },
    },
    stop: () => {
      for (const call of watchers) {
        call.write({ status: 'NOT_SERVING' });
        call.end();
      }
    },
  };
};
