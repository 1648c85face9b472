import {
  type Client,
  type ClientDuplexStream,
  credentials,
  makeGenericClientConstructor,
} from '@grpc/grpc-js';
import { loadProtos } from '../../../local/pubsub/server/loadProtos.ts';
import { loadServices } from '../../../local/pubsub/server/loadServices.ts';

export type WireName = 'grpc' | 'rest';

/** Makes single calls without Google's client. */
export interface Wire {
  /** @throws the error, with gRPC's `code`, and its text in `details`. */
  readonly call: (method: string, request: object) => Promise<Record<string, unknown>>;
  readonly close: () => void;
}

interface GrpcWire extends Wire {
  readonly openStreamingPull: () => ClientDuplexStream<object, Record<string, unknown>>;
}

/** @param address `host:port`. */
export const openGrpcWire = (address: string): GrpcWire => {
  const { Publisher, Subscriber } = loadServices(loadProtos());
  const open = (definition: typeof Publisher): Client =>
    new (makeGenericClientConstructor(definition, ''))(address, credentials.createInsecure());
  const [publisher, subscriber] = [open(Publisher), open(Subscriber)];
  return {
    call: (method, request) => {
      const { promise, resolve, reject } = Promise.withResolvers<Record<string, unknown>>();
      const owner = [publisher, subscriber].find((stub) => method in stub);
      if (owner === undefined) throw new Error(`no method ${method}`);
      Reflect.get(owner, method).call(owner, request, (error: unknown, answer: Record<string, unknown>) =>
        error === null ? resolve(answer) : reject(error),
      );
      return promise;
    },
    openStreamingPull: () => Reflect.get(subscriber, 'StreamingPull').call(subscriber),
    close: () => {
      publisher.close();
      subscriber.close();
    },
  };
};
