import { LOOPBACK } from '../../shared/config.ts';
import type { LocalPart } from '../localPart.ts';
import { assertPortFree } from '../ports.ts';
import { createPageRefusal } from './createPageRefusal.ts';
import { PUSH_BACKOFF, type PushBackoff } from './server/backoff.ts';
import { createBroker } from './server/broker.ts';
import { loadProtos } from './server/loadProtos.ts';
import { loadServices } from './server/loadServices.ts';
import { createFaultSwitch, type FaultSettings, type FaultSwitch } from './server/faults.ts';
import { createHttpPush } from './server/httpPush.ts';
import { listen } from './server/listen.ts';
import type { Services } from './server/methods.ts';
import { publisherMethods } from './server/publisherMethods.ts';
import { createProtoTypes } from './server/rest/protoTypes.ts';
import { serveRest } from './server/rest/serveRest.ts';
import { serveGrpc } from './server/serveGrpc.ts';
import { subscriberMethods } from './server/subscriberMethods.ts';
import type { Witness } from './server/witness.ts';

const DEFAULT_HOST = '127.0.0.1';

interface LocalPubSubOptions {
  readonly port: number;
  /** The command-line option that changes the port. Default: `--pubsub-port`. */
  readonly portOption?: string;
  /** The address that it binds. Default: 127.0.0.1, which only this machine reaches. */
  readonly host?: string | undefined;
  readonly why: string;
  /** What goes wrong on purpose; undefined: nothing. */
  readonly faults?: FaultSettings | undefined;
  /** Default: production's. */
  readonly pushBackoff?: PushBackoff;
  /** Default: no witness. */
  readonly witness?: Witness;
}

interface LocalPubSub extends LocalPart {
  /** What goes wrong on purpose, from now on. */
  readonly faultSwitch: Omit<FaultSwitch, 'faults'>;
}

/**
 * Starts Tally's own Pub/Sub in this process. One port speaks Pub/Sub's gRPC and its REST. It keeps its
 * messages in memory, and is up at once.
 * @throws Error when the port is taken, or this machine has no such address.
 */
export const startLocalPubSub = async (options: LocalPubSubOptions): Promise<LocalPubSub> => {
  const { port, portOption = '--pubsub-port', host = DEFAULT_HOST, why, faults } = options;
  const { pushBackoff = PUSH_BACKOFF, witness } = options;
  await assertPortFree(port, 'Pub/Sub', portOption);
  const { push, close: closePushes } = createHttpPush();
  const { faults: switched, ...faultSwitch } = createFaultSwitch(faults);
  const broker = createBroker({
    push,
    pushBackoff,
    faults: switched,
    ...(witness === undefined ? {} : { witness }),
  });
  const protos = loadProtos();
  const { Publisher, Subscriber, SchemaService, Health } = loadServices(protos);
  const services: Services = {
    Publisher: { definition: Publisher, methods: publisherMethods(broker) },
    Subscriber: { definition: Subscriber, methods: subscriberMethods(broker) },
    SchemaService: { definition: SchemaService, methods: {} },
  };
  const grpc = serveGrpc({ broker, services, health: Health });
  const refuse = createPageRefusal(host);
  const rest = serveRest({ services, types: createProtoTypes(protos), refuse });
  const close = await listen({
    host,
    port,
    onHttp2: grpc.take,
    onHttp1: (socket) => rest.emit('connection', socket),
  });

  const address = `${reachableAt(host)}:${port}`;
  return {
    name: 'Pub/Sub',
    kind: 'local',
    address,
    why,
    keepsState: false,
    notice: noticeOf(faults, host),
    env: { PUBSUB_EMULATOR_HOST: address },
    died: new Promise(() => {}),
    faultSwitch,
    stop: async () => {
      await broker.stop();
      await grpc.stop();
      rest.close();
      close();
      closePushes();
    },
  };
};

/** Where this machine reaches what listens on `host`. An address of all interfaces is none to call. */
const reachableAt = (host: string): string => {
  if (host === '0.0.0.0' || host === '::') return DEFAULT_HOST;
  // Google's clients split the address at its first colon.
  if (host === '::1') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
};

const noticeOf = (faults: FaultSettings | undefined, host: string): string =>
  [
    'Pub/Sub keeps its messages in this process’s memory. When it stops, messages that are not acked are gone.',
    ...(faults === undefined ? [] : [`!!! Pub/Sub has faults on purpose: ${JSON.stringify(faults)}`]),
    ...(LOOPBACK.test(host)
      ? []
      : [
          `!!! Pub/Sub listens on ${host}. It asks nobody who they are: whoever reaches this machine can read,`,
          '!!! publish and delete everything in it, and make it send requests to any address.',
        ]),
  ].join('\n');
