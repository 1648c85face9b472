import { PubSub } from '@google-cloud/pubsub';
import type { Emulator } from './emulators.ts';

const PROJECT_ID = 'tally-bench';
/** About the size of an order of the reference. */
export const MESSAGE_BYTES = 200;
const DATA = Buffer.alloc(MESSAGE_BYTES, 'x');
/**
 * The most messages that a publish request may have: https://cloud.google.com/pubsub/quotas#resource_limits
 */
const BATCH_MESSAGES = 1_000;

/** A topic with one subscription. Nothing else uses them. */
interface Route {
  readonly subscription: string;
  /** Publishes this number of messages in large batches, and returns their ids. */
  readonly publish: (messages: number, onPublished?: (done: number) => void) => Promise<ReadonlySet<string>>;
  /** Publishes one message in one request, and returns its id. */
  readonly publishOne: (attributes: Readonly<Record<string, string>>) => Promise<string>;
  /** Makes the subscription push to this address. */
  readonly pushTo: (endpoint: string) => Promise<void>;
  /** Deletes the topic and the subscription. */
  readonly remove: () => Promise<void>;
}

let routes = 0;

/** Creates a topic and a subscription. The subscription has no endpoint and no retry policy yet. */
export const openRoute = async ({ address }: Emulator): Promise<Route> => {
  // The client would look for Google's metadata server, and there is none beside an emulator.
  process.env.METADATA_SERVER_DETECTION ||= 'none';
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
