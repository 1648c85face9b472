import type { Delivery } from './message.ts';
import type { SubscriptionSettings } from './subscriptionSettings.ts';
import type { Topic } from './topic.ts';

const toDuration = (ms: number) => ({
  seconds: Math.floor(ms / 1_000),
  nanos: Math.round((ms % 1_000) * 1e6),
});

/** The retention of a topic. Undefined: it retains nothing. */
const toRetention = (seconds: number | undefined) =>
  seconds === undefined ? undefined : toDuration(seconds * 1_000);

/** A topic, as gRPC answers it. */
export const toTopicResource = ({ name, labels, retentionSeconds }: Topic): object => ({
  name,
  labels,
  messageRetentionDuration: toRetention(retentionSeconds),
});

/** A subscription, as gRPC answers it. */
export const toSubscriptionResource = (settings: SubscriptionSettings): object => {
  const { retentionSeconds, topicRetentionSeconds, retryPolicy, deadLetterPolicy, ...others } = settings;
  const { expirationTtlSeconds, isDetached, ...same } = others;
  return {
    ...same,
    state: 'ACTIVE',
    detached: isDetached ?? false,
    messageRetentionDuration: toDuration(retentionSeconds * 1_000),
    topicMessageRetentionDuration: toRetention(topicRetentionSeconds),
    expirationPolicy:
      expirationTtlSeconds === undefined ? {} : { ttl: toDuration(expirationTtlSeconds * 1_000) },
    retryPolicy: retryPolicy && {
      minimumBackoff: toDuration(retryPolicy.minimumBackoffMs),
      maximumBackoff: toDuration(retryPolicy.maximumBackoffMs),
    },
    deadLetterPolicy: deadLetterPolicy && {
      deadLetterTopic: deadLetterPolicy.topic,
      maxDeliveryAttempts: deadLetterPolicy.maxDeliveryAttempts,
    },
  };
};

/** A delivery, as gRPC answers it. Without a dead-letter policy its attempt is 0, as in production. */
export const toReceivedMessage = (
  { ackId, message, attempt }: Delivery,
  { deadLetterPolicy }: SubscriptionSettings,
): object => {
  const { messageId, publishedAtMs, data, attributes, orderingKey } = message;
  return {
    ackId,
    deliveryAttempt: deadLetterPolicy === undefined ? 0 : attempt,
    message: { messageId, publishTime: toDuration(publishedAtMs), data, attributes, orderingKey },
  };
};
