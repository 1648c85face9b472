import type { PublishedMessage } from './message.ts';
import type { SubscriptionSettings } from './subscriptionSettings.ts';

/** A message that a subscription must still deliver. The copy that a fault makes is a second one. */
export interface OwedMessage {
  readonly message: PublishedMessage;
  readonly bytes: number;
  /** The nacks and the expired deadlines so far. */
  failures: number;
}

/**
 * Whether the message is older than the retention, of its subscription and of its topic. Within the one of
 * the topic it is "always available to subscribers":
 * https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.topics#Topic
 */
export const isExpired = (
  { message }: OwedMessage,
  { retentionSeconds, topicRetentionSeconds = 0 }: SubscriptionSettings,
): boolean => Date.now() - message.publishedAtMs > Math.max(retentionSeconds, topicRetentionSeconds) * 1_000;

/** Whether the message has had its last attempt. Without a dead-letter policy no attempt is the last. */
export const isExhausted = ({ failures }: OwedMessage, { deadLetterPolicy }: SubscriptionSettings): boolean =>
  deadLetterPolicy !== undefined && failures >= deadLetterPolicy.maxDeliveryAttempts;
