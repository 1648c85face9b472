import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { LocalPart } from '../part.ts';
import { assertPortFree } from '../ports.ts';
import { createBroker } from './server/broker.ts';
import { loadServices } from './server/definitions.ts';
import { publisherMethods, subscriberMethods, toImplementation } from './server/handlers.ts';

/** Above Pub/Sub's own limit, so that a publish that is too large gets an answer and not a reset connection. */
const REQUEST_BYTES_MAX = 32 * 1024 * 1024;

/** A Pub/Sub of our own in this process: publish and push over real gRPC, in memory, up at once. */
export const startLocalPubSub = async (port: number, why: string): Promise<LocalPart> => {
  await assertPortFree(port, 'Pub/Sub', '--pubsub-port');
  const broker = createBroker();
  const services = loadServices();
  const server = new Server({ 'grpc.max_receive_message_length': REQUEST_BYTES_MAX });
  const add = (
    service: (typeof services)[keyof typeof services],
    methods: Parameters<typeof toImplementation>[1],
  ) => server.addService(service, toImplementation(Object.keys(service), methods));
  add(services.Publisher, publisherMethods(broker));
  add(services.Subscriber, subscriberMethods(broker));
  add(services.SchemaService, {});

  const address = `127.0.0.1:${port}`;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.bindAsync(address, ServerCredentials.createInsecure(), (error) =>
    error ? reject(error) : resolve(),
  );
  await promise;
  return {
    name: 'Pub/Sub',
    kind: 'local',
    address,
    why,
    keepsState: false,
    env: { PUBSUB_EMULATOR_HOST: address },
    died: new Promise(() => {}),
    stop: async () => {
      server.forceShutdown();
      await broker.stop();
    },
  };
};
