import { status } from '@grpc/grpc-js';
import type { PushBackoff } from './backoff.ts';
import type { Faults } from './faults.ts';
import { assertPublishable, type NewMessage, type PublishedMessage, sizeOf } from './message.ts';
import type { Push } from './pushRequest.ts';
import { alreadyExists, notFound, StatusError, stopped } from './statusError.ts';
import { createSubscription, type Subscription } from './subscription.ts';
import {
  assertSettings,
  assertTopicName,
  DELETED_TOPIC,
  type SubscriptionSettings,
} from './subscriptionSettings.ts';
import { NO_WITNESS, type Witness } from './witness.ts';

/** What all subscriptions together may owe; a publish beyond it is refused, and the publisher tries again. */
const BACKLOG_MAX = { messages: 1_000_000, bytes: 1024 ** 3 };

export interface Topic {
  /** `projects/<project>/topics/<name>` */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Topics and subscriptions in memory, by their full names. Every method throws StatusError as production would answer. */
export interface Broker {
  readonly createTopic: (topic: Topic) => void;
  readonly topic: (name: string) => Topic;
  /** In the order of their names, as the subscriptions. */
  readonly topics: () => Topic[];
  /** Its subscriptions stay, with what they still owe. */
  readonly deleteTopic: (name: string) => void;
  readonly createSubscription: (settings: SubscriptionSettings) => Subscription;
  readonly subscription: (name: string) => Subscription;
  readonly subscriptions: () => Subscription[];
  readonly updateSubscription: (name: string, changes: Partial<SubscriptionSettings>) => Subscription;
  readonly deleteSubscription: (name: string) => Promise<void>;
  /** @returns the messages' ids. */
  readonly publish: (topic: string, messages: readonly NewMessage[]) => string[];
  readonly stop: () => Promise<void>;
}

export interface BrokerOptions {
  readonly push: Push;
  readonly pushBackoff: PushBackoff;
  readonly faults: Faults;
  /** Nobody unless given. */
  readonly witness?: Witness;
}

export const createBroker = (options: BrokerOptions): Broker => {
  const { push, pushBackoff, faults, witness = NO_WITNESS } = options;
  const topics = new Map<string, Topic>();
  const subscriptions = new Map<string, Subscription>();
  let lastMessageId = 0;
  let lastPublishAtMs = 0;
  let publishRequests = 0;
  let isStopped = false;

  const findTopic = (name: string): Topic => {
    if (isStopped) throw stopped();
    const topic = topics.get(name);
    if (topic === undefined) throw notFound(name);
    return topic;
  };

  const findSubscription = (name: string): Subscription => {
    if (isStopped) throw stopped();
    const subscription = subscriptions.get(name);
    if (subscription === undefined) throw notFound(name);
    return subscription;
  };

  const assertDeadLetterTopic = ({ deadLetterPolicy }: Partial<SubscriptionSettings>): void => {
    if (deadLetterPolicy !== undefined) findTopic(deadLetterPolicy.topic);
  };

  const receiversOf = (topic: string): Subscription[] =>
    [...subscriptions.values()].filter(({ settings }) => settings().topic === topic);

  /** Whether there is no room for messages that each of so many subscriptions would get. */
  const isFull = (messages: readonly NewMessage[], receivers: number): boolean => {
    const more = {
      messages: messages.length * receivers,
      bytes: messages.reduce((sum, message) => sum + sizeOf(message), 0) * receivers,
    };
    const owed = [more, ...[...subscriptions.values()].map((subscription) => subscription.owed())];
    const sumOf = (unit: 'messages' | 'bytes'): number => owed.reduce((sum, one) => sum + one[unit], 0);
    return receivers > 0 && (sumOf('messages') > BACKLOG_MAX.messages || sumOf('bytes') > BACKLOG_MAX.bytes);
  };

  const accept = (topic: string, messages: readonly NewMessage[]): string[] => {
    const receivers = receiversOf(topic);
    // A clock that is set back must not make a later message look older: its time is Tally's write time.
    lastPublishAtMs = Math.max(lastPublishAtMs, Date.now());
    return messages.map((message) => {
      lastMessageId += 1;
      const published = { ...message, messageId: String(lastMessageId), publishedAtMs: lastPublishAtMs };
      for (const receiver of receivers) receiver.enqueue(published);
      return published.messageId;
    });
  };

  const publish = (topic: string, messages: readonly NewMessage[]): string[] => {
    assertPublishable(messages);
    findTopic(topic);
    publishRequests += 1;
    const failure = faults.publishFailure(String(publishRequests));
    if (failure === 'refused') throw injected('nothing was accepted');
    if (isFull(messages, receiversOf(topic).length)) {
      const { messages: max, bytes } = BACKLOG_MAX;
      const details = `More than ${max} messages or ${bytes} bytes wait for their subscribers: ack them first.`;
      throw new StatusError(status.RESOURCE_EXHAUSTED, details);
    }
    const messageIds = accept(topic, messages);
    if (failure === 'unconfirmed') throw injected('all was accepted');
    return messageIds;
  };

  const forward = (
    { name, deadLetterPolicy }: SubscriptionSettings,
    message: PublishedMessage,
    deliveryAttempts: number,
  ): boolean => {
    const topic = deadLetterPolicy?.topic ?? '';
    if (!topics.has(topic) || isFull([message], receiversOf(topic).length)) return false;
    const [, project = '', , subscription = ''] = name.split('/');
    const attributes = {
      ...message.attributes,
      CloudPubSubDeadLetterSourceDeliveryCount: String(deliveryAttempts),
      CloudPubSubDeadLetterSourceSubscription: subscription,
      CloudPubSubDeadLetterSourceSubscriptionProject: project,
      CloudPubSubDeadLetterSourceTopicPublishTime: new Date(message.publishedAtMs).toISOString(),
    };
    accept(topic, [{ ...message, attributes }]);
    return true;
  };

  return {
    createTopic: (topic) => {
      assertTopicName(topic.name);
      if (topics.has(topic.name)) throw alreadyExists(topic.name);
      topics.set(topic.name, topic);
    },
    topic: findTopic,
    topics: () => [...topics.values()].toSorted((a, b) => compare(a.name, b.name)),
    deleteTopic: (name) => {
      findTopic(name);
      topics.delete(name);
      for (const subscription of subscriptions.values()) {
        if (subscription.settings().topic === name) subscription.update({ topic: DELETED_TOPIC });
      }
    },
    createSubscription: (settings) => {
      assertSettings(settings);
      findTopic(settings.topic);
      assertDeadLetterTopic(settings);
      if (subscriptions.has(settings.name)) throw alreadyExists(settings.name);
      const subscription = createSubscription({ settings, forward, push, pushBackoff, faults, witness });
      subscriptions.set(settings.name, subscription);
      return subscription;
    },
    subscription: findSubscription,
    subscriptions: () =>
      [...subscriptions.values()].toSorted((a, b) => compare(a.settings().name, b.settings().name)),
    updateSubscription: (name, changes) => {
      const subscription = findSubscription(name);
      assertDeadLetterTopic(changes);
      subscription.update(changes);
      return subscription;
    },
    deleteSubscription: async (name) => {
      const subscription = findSubscription(name);
      subscriptions.delete(name);
      await subscription.stop(notFound(name));
    },
    publish,
    stop: async () => {
      isStopped = true;
      await Promise.all([...subscriptions.values()].map((subscription) => subscription.stop()));
    },
  };
};

const injected = (what: string): StatusError =>
  new StatusError(status.UNAVAILABLE, `A fault that was asked for: ${what}.`);

const compare = (a: string, b: string): number => (a < b ? -1 : 1);
