import { PubSub } from '@google-cloud/pubsub';
import type { Emulator } from './emulators.ts';

const PROJECT_ID = 'tally-bench';
/** About what the reference system's order takes. */
export const MESSAGE_BYTES = 200;
const DATA = Buffer.alloc(MESSAGE_BYTES, 'x');
/** As many as a publish may have: https://cloud.google.com/pubsub/quotas#resource_limits */
const BATCH_MESSAGES = 1_000;

/** A topic with one subscription, which nothing else uses. */
interface Route {
  readonly subscription: string;
  /** Publishes so many messages in large batches. @returns their ids. */
  readonly publish: (messages: number, onPublished?: (done: number) => void) => Promise<ReadonlySet<string>>;
  /** Publishes a message on its own. */
  readonly publishOne: (attributes: Readonly<Record<string, string>>) => Promise<string>;
  /** From now on the subscription pushes there. */
  readonly pushTo: (endpoint: string) => Promise<void>;
  /** Deletes both. */
  readonly remove: () => Promise<void>;
}

let routes = 0;

/** Creates a topic and a subscription without an endpoint and without a retry policy. */
export const openRoute = async ({ address }: Emulator): Promise<Route> => {
  // There is no Google metadata server beside an emulator, and the client would look for one.
  process.env.METADATA_SERVER_DETECTION ??= 'none';
  const client = new PubSub({ projectId: PROJECT_ID, apiEndpoint: address, emulatorMode: true });
  routes += 1;
  const name = `bench-${routes}`;
  const [topic] = await client.createTopic(name);
  const [subscription] = await topic.createSubscription(name);
  const inBatches = client.topic(name, { batching: { maxMessages: BATCH_MESSAGES } });
  const atOnce = client.topic(name, { batching: { maxMessages: 1 } });
  return {
    subscription: name,
    publish: async (messages, onPublished) => {
      const ids = new Set<string>();
      for (let done = 0; done < messages;) {
        const batch = Math.min(BATCH_MESSAGES, messages - done);
        const sent = Array.from({ length: batch }, () => inBatches.publishMessage({ data: DATA }));
        for (const id of await Promise.all(sent)) ids.add(id);
        done += batch;
        onPublished?.(done);
      }
      return ids;
    },
    publishOne: (attributes) => atOnce.publishMessage({ data: DATA, attributes }),
    pushTo: async (endpoint) => {
      await subscription.modifyPushConfig({ pushEndpoint: endpoint });
    },
    remove: async () => {
      await subscription.delete();
      await topic.delete();
      await client.close();
    },
  };
};
