import type { Socket } from 'node:net';
import {
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { Broker } from './broker.ts';
import { createHealth } from './health.ts';
import { type Answer, methodOf, REQUEST_BYTES_MAX, type Service, type Services } from './methods.ts';
import { serveStreamingPull } from './serveStreamingPull.ts';
import { toServiceError } from './toServiceError.ts';

const SHUTDOWN_TIMEOUT_MS = 500;

interface GrpcOptions {
  readonly broker: Broker;
  readonly services: Services;
  readonly health: ServiceDefinition;
}

interface GrpcServer {
  /** Serves a connection that has been accepted. */
  readonly take: (socket: Socket) => void;
  /** Ends the streams first, so that clients hear why. A client that then keeps its connection is cut off. */
  readonly stop: () => Promise<void>;
}

/** gRPC over HTTP/2 without TLS, with gRPC's health service. */
export const serveGrpc = ({ broker, services, health: healthDefinition }: GrpcOptions): GrpcServer => {
  const server = new Server({ 'grpc.max_receive_message_length': REQUEST_BYTES_MAX });
  const StreamingPull = (call: Parameters<typeof serveStreamingPull>[1]) => serveStreamingPull(broker, call);
  for (const service of Object.values(services)) {
    const streaming = 'StreamingPull' in service.definition ? { StreamingPull } : {};
    server.addService(service.definition, { ...toImplementation(service), ...streaming });
  }
  const health = createHealth(Object.keys(services).map((name) => `google.pubsub.v1.${name}`));
  server.addService(healthDefinition, health.implementation);
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const sockets = new Set<Socket>();
  return {
    take: (socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      injector.injectConnection(socket);
    },
    stop: async () => {
      health.stop();
      // grpc-js itself waits only for connections that it has accepted.
      server.tryShutdown(() => {});
      await untilClosed([...sockets]);
      server.forceShutdown();
    },
  };
};

/** Waits until the sockets are closed, for `SHUTDOWN_TIMEOUT_MS` at most. */
const untilClosed = async (sockets: readonly Socket[]): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, SHUTDOWN_TIMEOUT_MS);
  let open = sockets.length;
  if (open === 0) resolve();
  for (const socket of sockets) {
    socket.once('close', () => {
      open -= 1;
      if (open === 0) resolve();
    });
  }
  await promise;
  clearTimeout(timer);
};

/** Implements all methods that a service defines. */
const toImplementation = ({ definition, methods }: Service): UntypedServiceImplementation =>
  Object.fromEntries(
    Object.keys(definition).map((name) => {
      const method = methodOf(methods, name);
      const handle: handleUnaryCall<unknown, object> = (call, callback) => {
        answer(method, call).then(
          (value) => callback(null, value),
          (error: unknown) => callback(toServiceError(error)),
        );
      };
      return [name, handle];
    }),
  );

const answer = async (method: Answer, call: ServerUnaryCall<unknown, object>): Promise<object> => {
  const gone = new AbortController();
  call.on('cancelled', () => gone.abort());
  return method(call.request, gone.signal);
};
