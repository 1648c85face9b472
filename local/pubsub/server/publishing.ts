import { status } from '@grpc/grpc-js';
import type { Faults } from './faults.ts';
import { assertPublishable, type NewMessage, type PublishedMessage, sizeOf } from './message.ts';
import type { Registry } from './registry.ts';
import { createRetained } from './retained.ts';
import { StatusError } from './statusError.ts';
import type { Subscription } from './subscription.ts';
import type { SubscriptionSettings } from './subscriptionSettings.ts';
import type { Topic } from './topic.ts';
import type { Witness } from './witness.ts';

/** What all subscriptions together may owe. A publish beyond it is refused; a publisher then tries again. */
const BACKLOG_MAX = { messages: 1_000_000, bytes: 1024 ** 3 };

interface Publishing {
  /**
   * @returns the messages' ids, in the same order.
   * @throws StatusError
   */
  readonly publish: (topic: string, messages: readonly NewMessage[]) => string[];
  /** Publishes to the dead-letter topic. False: that topic is missing, or its subscriptions have no room. */
  readonly forward: (
    settings: SubscriptionSettings,
    message: PublishedMessage,
    deliveryAttempts: number,
  ) => boolean;
  /**
   * Brings a subscription what it no longer owes and what was published since that time, as far as it is
   * retained.
   * @throws StatusError RESOURCE_EXHAUSTED when there is no room for all of it. Then it gets none.
   */
  readonly replay: (subscription: Subscription, sinceMs: number) => void;
  /** Forgets what is retained of a topic. */
  readonly forgetTopic: (name: string) => void;
}

interface PublishingOptions {
  readonly topics: Registry<Topic>;
  readonly subscriptions: Registry<Subscription>;
  readonly faults: Faults;
  readonly witness: Pick<Witness, 'unclaimed'>;
}

/** Gives messages their id and their time, and brings each one to the topic's subscriptions. */
export const createPublishing = (options: PublishingOptions): Publishing => {
  const { topics, subscriptions, faults, witness } = options;
  const retained = createRetained();
  // A consumer may remember the ids of an earlier server. None publishes a thousand messages a millisecond.
  const lastIdBefore = Date.now() * 1_000;
  let accepted = 0;
  let lastPublishAtMs = 0;
  let publishRequests = 0;

  const receiversOf = (topic: string): Subscription[] =>
    subscriptions.all().filter(({ settings }) => settings().topic === topic && !settings().isDetached);

  const accept = (topic: string, messages: readonly NewMessage[]): string[] => {
    const receivers = receiversOf(topic);
    const isRetained =
      topics.find(topic).retentionSeconds !== undefined ||
      receivers.some(({ settings }) => settings().retainAckedMessages);
    // When the clock is set back, a later message must not look older: Tally takes this time for its write
    // time.
    lastPublishAtMs = Math.max(lastPublishAtMs, Date.now());
    return messages.map((message) => {
      accepted += 1;
      const messageId = String(lastIdBefore + accepted);
      const published = { ...message, messageId, nth: accepted, publishedAtMs: lastPublishAtMs };
      if (isRetained) retained.add(topic, published);
      for (const receiver of receivers) receiver.enqueue(published);
      if (receivers.length === 0) witness.unclaimed(topic, published);
      return published.messageId;
    });
  };

  const hasRoom = (topic: string, messages: readonly NewMessage[]): boolean =>
    hasRoomFor(messages, receiversOf(topic).length, subscriptions.all());

  return {
    publish: (topic, messages) => {
      assertPublishable(messages);
      topics.find(topic);
      publishRequests += 1;
      const failure = faults.publishFailure(String(publishRequests));
      if (failure === 'refused') throw injected('nothing was accepted');
      if (!hasRoom(topic, messages)) throw backlogIsFull();
      const messageIds = accept(topic, messages);
      if (failure === 'unconfirmed') throw injected('all was accepted');
      return messageIds;
    },
    forward: (settings, message, deliveryAttempts) => {
      const topic = settings.deadLetterPolicy?.topic ?? '';
      if (!topics.has(topic) || !hasRoom(topic, [message])) return false;
      const attributes = {
        ...message.attributes,
        ...deadLetterAttributes(settings.name, message, deliveryAttempts),
      };
      accept(topic, [{ ...message, attributes }]);
      return true;
    },
    forgetTopic: retained.forget,
    replay: (subscription, sinceMs) => {
      const settings = subscription.settings();
      const { createdAtMs } = subscription;
      const owed = subscription.owedIds();
      const messages = retained
        .since(sinceMs, { settings, createdAtMs })
        .filter(({ messageId }) => !owed.has(messageId));
      if (!hasRoomFor(messages, 1, subscriptions.all())) throw backlogIsFull();
      for (const message of messages) subscription.enqueue(message);
    },
  };
};

/** Whether there is room when each of so many receivers gets the messages. */
const hasRoomFor = (
  messages: readonly NewMessage[],
  receivers: number,
  subscriptions: readonly Subscription[],
): boolean => {
  const more = {
    messages: messages.length * receivers,
    bytes: messages.reduce((sum, message) => sum + sizeOf(message), 0) * receivers,
  };
  const owed = [more, ...subscriptions.map((subscription) => subscription.owed())];
  const sumOf = (unit: 'messages' | 'bytes'): number => owed.reduce((sum, one) => sum + one[unit], 0);
  return (
    receivers === 0 || (sumOf('messages') <= BACKLOG_MAX.messages && sumOf('bytes') <= BACKLOG_MAX.bytes)
  );
};

/**
 * Where a dead letter comes from:
 * https://cloud.google.com/pubsub/docs/handling-failures#how_dead_letter_topics_work
 */
const deadLetterAttributes = (
  subscriptionName: string,
  { publishedAtMs }: PublishedMessage,
  deliveryAttempts: number,
): Record<string, string> => {
  const [, project = '', , subscription = ''] = subscriptionName.split('/');
  return {
    CloudPubSubDeadLetterSourceDeliveryCount: String(deliveryAttempts),
    CloudPubSubDeadLetterSourceSubscription: subscription,
    CloudPubSubDeadLetterSourceSubscriptionProject: project,
    CloudPubSubDeadLetterSourceTopicPublishTime: new Date(publishedAtMs).toISOString(),
  };
};

const injected = (what: string): StatusError =>
  new StatusError(status.UNAVAILABLE, `A fault that was asked for: ${what}.`);

const backlogIsFull = (): StatusError => {
  const { messages, bytes } = BACKLOG_MAX;
  const details = `More than ${messages} messages or ${bytes} bytes wait for their subscribers: ack them first.`;
  return new StatusError(status.RESOURCE_EXHAUSTED, details);
};
