import type { PushBackoff } from './backoff.ts';
import type { Faults } from './faults.ts';
import type { NewMessage } from './message.ts';
import { createPublishing } from './publishing.ts';
import type { Push } from './httpPush.ts';
import { createRegistry } from './registry.ts';
import { notFound } from './statusError.ts';
import { createSubscription, type Subscription } from './subscription.ts';
import { assertSettings, DELETED_TOPIC, type SubscriptionSettings } from './subscriptionSettings.ts';
import { assertTopic, type Topic } from './topic.ts';
import { NO_WITNESS, type Witness } from './witness.ts';

/**
 * Topics and subscriptions, in memory. Names are full names: `projects/<project>/topics/<name>`. Every method
 * throws the StatusError that production would answer.
 */
export interface Broker {
  readonly createTopic: (topic: Topic) => void;
  readonly topic: (name: string) => Topic;
  readonly updateTopic: (name: string, changes: Partial<Topic>) => Topic;
  /** Sorted by name. */
  readonly topics: () => Topic[];
  /** The topic's subscriptions stay, and keep their messages. */
  readonly deleteTopic: (name: string) => void;
  readonly createSubscription: (settings: SubscriptionSettings) => Subscription;
  readonly subscription: (name: string) => Subscription;
  /** Sorted by name. */
  readonly subscriptions: () => Subscription[];
  readonly updateSubscription: (name: string, changes: Partial<SubscriptionSettings>) => Subscription;
  readonly deleteSubscription: (name: string) => Promise<void>;
  /** The subscription forgets its messages, and gets no more. It stays until it is deleted. */
  readonly detachSubscription: (name: string) => void;
  /**
   * The subscription no longer owes what was published before that time. It owes again what was published
   * since then, as far as the topic or the subscription retains it.
   */
  readonly seek: (subscription: string, timeMs: number) => void;
  /** @returns the messages' ids, in the same order. */
  readonly publish: (topic: string, messages: readonly NewMessage[]) => string[];
  readonly stop: () => Promise<void>;
}

export interface BrokerOptions {
  readonly push: Push;
  readonly pushBackoff: PushBackoff;
  readonly faults: Faults;
  /** Default: no witness. */
  readonly witness?: Witness;
}

export const createBroker = ({ push, pushBackoff, faults, witness = NO_WITNESS }: BrokerOptions): Broker => {
  const topics = createRegistry<Topic>('topics', ({ name }) => name);
  const subscriptions = createRegistry<Subscription>('subscriptions', ({ settings }) => settings().name);
  const publishing = createPublishing({ topics, subscriptions, faults, witness });
  const { publish, forward, replay, forgetTopic } = publishing;
  const parts = { forward, push, pushBackoff, faults, witness };

  const assertDeadLetterTopic = deadLetterTopicCheck(topics);
  const updateSubscriptionsOf = updateByTopic(subscriptions);
  return {
    createTopic: (topic) => {
      assertTopic(topic);
      topics.assertFree(topic.name);
      topics.add(topic);
    },
    topic: topics.find,
    updateTopic: (name, changes) => {
      const topic = { ...topics.find(name), ...changes };
      assertTopic(topic);
      topics.add(topic);
      updateSubscriptionsOf(name, { topicRetentionSeconds: topic.retentionSeconds });
      return topic;
    },
    topics: topics.sortedByName,
    deleteTopic: (name) => {
      topics.remove(name);
      forgetTopic(name);
      updateSubscriptionsOf(name, { topic: DELETED_TOPIC, topicRetentionSeconds: undefined });
    },
    createSubscription: (settings) => {
      assertSettings(settings);
      const { retentionSeconds: topicRetentionSeconds } = topics.find(settings.topic);
      assertDeadLetterTopic(settings);
      subscriptions.assertFree(settings.name);
      const subscription = createSubscription({ ...parts, settings: { ...settings, topicRetentionSeconds } });
      subscriptions.add(subscription);
      return subscription;
    },
    subscription: subscriptions.find,
    subscriptions: subscriptions.sortedByName,
    updateSubscription: (name, changes) => {
      const subscription = subscriptions.find(name);
      assertDeadLetterTopic(changes);
      subscription.update(changes);
      return subscription;
    },
    deleteSubscription: async (name) => {
      const subscription = subscriptions.find(name);
      subscriptions.remove(name);
      subscription.forgetBefore(Number.POSITIVE_INFINITY);
      await subscription.stop(notFound(name));
    },
    detachSubscription: (name) => {
      const subscription = subscriptions.find(name);
      subscription.update({ isDetached: true });
      subscription.forgetBefore(Number.POSITIVE_INFINITY);
    },
    seek: (name, timeMs) => {
      const subscription = subscriptions.find(name);
      if (!subscription.settings().isDetached) replay(subscription, timeMs);
      subscription.forgetBefore(timeMs);
    },
    publish,
    stop: async () => {
      topics.close();
      subscriptions.close();
      await Promise.all(subscriptions.all().map((subscription) => subscription.stop()));
    },
  };
};

/** @returns what updates all subscriptions of a topic. */
const updateByTopic =
  (subscriptions: { readonly all: () => readonly Subscription[] }) =>
  (topic: string, changes: Partial<SubscriptionSettings>): void => {
    for (const subscription of subscriptions.all()) {
      if (subscription.settings().topic === topic) subscription.update(changes);
    }
  };

/** @returns a check that throws StatusError NOT_FOUND when the dead-letter topic is missing. */
const deadLetterTopicCheck =
  (topics: { readonly find: (name: string) => Topic }) =>
  ({ deadLetterPolicy }: Partial<SubscriptionSettings>): void => {
    if (deadLetterPolicy !== undefined) topics.find(deadLetterPolicy.topic);
  };
