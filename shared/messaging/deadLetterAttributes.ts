import { toErrorText } from '../masking/toErrorText.ts';
import type { DeadLetterReason, IncomingEvent } from '../domain/event.ts';

/**
 * The names of the attributes on a message that Tally publishes to a dead-letter topic, or that is put back.
 */
export const ATTRIBUTE = {
  reason: 'dead_letter_reason',
  error: 'dead_letter_error',
  eventId: 'event_id',
  originTopic: 'origin_topic',
  originMessageId: 'origin_message_id',
  originPublishTime: 'origin_publish_time',
  redriveCount: 'redrive_count',
  /** `card_number` when masking changed the body (I8); absent otherwise. */
  redacted: 'redacted',
  /** `gzip` when the body is packed, because it would not fit beside its attributes; absent otherwise. */
  bodyEncoding: 'body_encoding',
} as const;

/**
 * Attributes that Pub/Sub sets on a message that its dead-letter policy forwards:
 * https://cloud.google.com/pubsub/docs/handling-failures#how_dead_letter_topics_work.
 */
export const FORWARDED_ATTRIBUTE = {
  subscription: 'CloudPubSubDeadLetterSourceSubscription',
  publishTime: 'CloudPubSubDeadLetterSourceTopicPublishTime',
} as const;

/**
 * The attributes of a dead letter: its reason, and all that a redrive needs to publish the same event again.
 * @param error one sentence; it is masked and cut to 250 characters.
 */
export const toDeadLetterAttributes = (
  event: IncomingEvent,
  reason: DeadLetterReason,
  error: string,
): Record<string, string> => ({
  [ATTRIBUTE.reason]: reason,
  [ATTRIBUTE.error]: toErrorText(error),
  [ATTRIBUTE.eventId]: event.eventId,
  [ATTRIBUTE.originTopic]: event.origin,
  [ATTRIBUTE.originMessageId]: event.originMessageId,
  [ATTRIBUTE.originPublishTime]: new Date(event.publishedAtMs).toISOString(),
  [ATTRIBUTE.redriveCount]: String(event.redriveCount),
  ...(event.isRedacted ? { [ATTRIBUTE.redacted]: 'card_number' } : {}),
});
