import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { LocalPart } from '../localPart.ts';
import { assertPortFree } from '../ports.ts';
import { PUSH_BACKOFF, type PushBackoff } from './server/backoff.ts';
import { createBroker } from './server/broker.ts';
import { loadServices } from './server/loadServices.ts';
import { createFaults, endable, type FaultSettings, NO_FAULTS } from './server/faults.ts';
import { publisherMethods, subscriberMethods, toImplementation } from './server/handlers.ts';
import { createHttpPush } from './server/httpPush.ts';
import { serveStreamingPull } from './server/serveStreamingPull.ts';
import type { Witness } from './server/witness.ts';

/** More than Pub/Sub's own limit: a publish that is too large must get an answer, not a reset connection. */
const REQUEST_BYTES_MAX = 32 * 1024 * 1024;
const SHUTDOWN_TIMEOUT_MS = 500;

interface LocalPubSubOptions {
  readonly port: number;
  readonly why: string;
  /** What goes wrong on purpose; undefined: nothing. */
  readonly faults?: FaultSettings | undefined;
  /** Default: production's. */
  readonly pushBackoff?: PushBackoff;
  /** Default: no witness. */
  readonly witness?: Witness;
}

interface LocalPubSub extends LocalPart {
  /** From now on nothing goes wrong on purpose. */
  readonly endFaults: () => void;
}

/**
 * Starts Tally's own Pub/Sub in this process. It speaks real gRPC, keeps its messages in memory, and is up at
 * once.
 * @throws Error when the port is taken.
 */
export const startLocalPubSub = async (options: LocalPubSubOptions): Promise<LocalPubSub> => {
  const { port, why, faults, pushBackoff = PUSH_BACKOFF, witness } = options;
  await assertPortFree(port, 'Pub/Sub', '--pubsub-port');
  const { push, close } = createHttpPush();
  const faulty = endable(faults === undefined ? NO_FAULTS : createFaults(faults));
  const broker = createBroker({
    push,
    pushBackoff,
    faults: faulty.faults,
    ...(witness === undefined ? {} : { witness }),
  });
  const { Publisher, Subscriber, SchemaService } = loadServices();
  const server = new Server({ 'grpc.max_receive_message_length': REQUEST_BYTES_MAX });
  server.addService(Publisher, toImplementation(Object.keys(Publisher), publisherMethods(broker)));
  server.addService(Subscriber, {
    ...toImplementation(Object.keys(Subscriber), subscriberMethods(broker)),
    StreamingPull: (call: Parameters<typeof serveStreamingPull>[1]) => serveStreamingPull(broker, call),
  });
  server.addService(SchemaService, toImplementation(Object.keys(SchemaService), {}));

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
    notice: noticeOf(faults),
    env: { PUBSUB_EMULATOR_HOST: address },
    died: new Promise(() => {}),
    endFaults: faulty.end,
    stop: async () => {
      await broker.stop();
      await shutDown(server);
      close();
    },
  };
};

const noticeOf = (faults: FaultSettings | undefined): string =>
  [
    'Pub/Sub keeps its messages in this process’s memory. When it stops, messages that are not acked are gone.',
    ...(faults === undefined ? [] : [`!!! Pub/Sub has faults on purpose: ${JSON.stringify(faults)}`]),
  ].join('\n');

/** Ends the streams first, so that clients hear why. A client that then keeps its connection is cut off. */
const shutDown = async (server: Server): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, SHUTDOWN_TIMEOUT_MS);
  server.tryShutdown(() => resolve());
  await promise;
  clearTimeout(timer);
  server.forceShutdown();
};
