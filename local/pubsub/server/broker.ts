import { status } from '@grpc/grpc-js';
import { assertPublishable, type NewMessage, type PublishedMessage } from './message.ts';
import { alreadyExists, notFound, StatusError } from './statusError.ts';
import { createSubscription, type Subscription } from './subscription.ts';
import { assertSettings, assertTopicName, type SubscriptionSettings } from './subscriptionSettings.ts';

/** What all subscriptions together may owe; a publish beyond it is refused, and the publisher tries again. */
const BACKLOG_MAX = 1_000_000;

/** Topics and subscriptions in memory, by their full names. Every method throws StatusError as production would answer. */
export interface Broker {
  readonly createTopic: (name: string) => void;
  readonly hasTopic: (name: string) => boolean;
  readonly topics: () => string[];
  readonly deleteTopic: (name: string) => void;
  readonly createSubscription: (settings: SubscriptionSettings) => Subscription;
  readonly subscription: (name: string) => Subscription;
  readonly subscriptions: () => Subscription[];
  readonly deleteSubscription: (name: string) => Promise<void>;
  /** @returns the messages' ids. */
  readonly publish: (topic: string, messages: readonly NewMessage[]) => string[];
  readonly stop: () => Promise<void>;
}

export const createBroker = (): Broker => {
  const topics = new Set<string>();
  const subscriptions = new Map<string, Subscription>();
  let lastMessageId = 0;

  const assertTopic = (name: string): void => {
    if (!topics.has(name)) throw notFound(name.slice(name.lastIndexOf('/') + 1));
  };

  const publish = (topic: string, messages: readonly NewMessage[]): string[] => {
    assertTopic(topic);
    const owed = [...subscriptions.values()].reduce((sum, subscription) => sum + subscription.backlog(), 0);
    if (owed + messages.length > BACKLOG_MAX) {
      throw new StatusError(status.RESOURCE_EXHAUSTED, `More than ${BACKLOG_MAX} messages are waiting.`);
    }
    const publishedAtMs = Date.now();
    return messages.map((message) => {
      lastMessageId += 1;
      const published = { ...message, messageId: String(lastMessageId), publishedAtMs };
      for (const subscription of subscriptions.values()) {
        if (subscription.settings.topic === topic) subscription.enqueue(published);
      }
      return published.messageId;
    });
  };

  /** Publish, then ack: a dead letter may come twice, and is never lost. */
  const forwardFrom =
    ({ name, deadLetterPolicy }: SubscriptionSettings) =>
    (message: PublishedMessage, deliveryAttempts: number): boolean => {
      const topic = deadLetterPolicy?.topic ?? '';
      if (!topics.has(topic)) return false;
      const [, project = '', , subscription = ''] = name.split('/');
      const attributes = {
        ...message.attributes,
        CloudPubSubDeadLetterSourceDeliveryCount: String(deliveryAttempts),
        CloudPubSubDeadLetterSourceSubscription: subscription,
        CloudPubSubDeadLetterSourceSubscriptionProject: project,
        CloudPubSubDeadLetterSourceTopicPublishTime: new Date(message.publishedAtMs).toISOString(),
      };
      publish(topic, [{ ...message, attributes }]);
      return true;
    };

  const find = (name: string): Subscription => {
    const subscription = subscriptions.get(name);
    if (subscription === undefined) throw notFound(name.slice(name.lastIndexOf('/') + 1));
    return subscription;
  };

  return {
    createTopic: (name) => {
      assertTopicName(name);
      if (topics.has(name)) throw alreadyExists(name.slice(name.lastIndexOf('/') + 1));
      topics.add(name);
    },
    hasTopic: (name) => topics.has(name),
    topics: () => [...topics],
    deleteTopic: (name) => {
      assertTopic(name);
      topics.delete(name);
    },
    createSubscription: (settings) => {
      assertSettings(settings);
      assertTopic(settings.topic);
      if (subscriptions.has(settings.name)) {
        throw alreadyExists(settings.name.slice(settings.name.lastIndexOf('/') + 1));
      }
      const subscription = createSubscription(settings, forwardFrom(settings));
      subscriptions.set(settings.name, subscription);
      return subscription;
    },
    subscription: find,
    subscriptions: () => [...subscriptions.values()],
    deleteSubscription: async (name) => {
      const subscription = find(name);
      subscriptions.delete(name);
      await subscription.stop();
    },
    publish: (topic, messages) => {
      assertPublishable(messages);
      return publish(topic, messages);
    },
    stop: async () => {
      await Promise.all([...subscriptions.values()].map((subscription) => subscription.stop()));
    },
  };
};
