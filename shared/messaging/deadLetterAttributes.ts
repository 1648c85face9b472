import { toErrorText } from '../masking/toErrorText.ts';
import type { DeadLetterReason, IncomingEvent } from '../domain/event.ts';

/** The names of the attributes on a message that Tally publishes to a dead-letter topic, or redrives. */
export const ATTRIBUTE = {
  reason: 'dead_letter_reason',
  error: 'dead_letter_error',
  eventId: 'event_id',
  originTopic: 'origin_topic',
  originMessageId: 'origin_message_id',
  originPublishTime: 'origin_publish_time',
  redriveCount: 'redrive_count',
  /** Set to `card_number` when I8 changed the body; absent otherwise. */
  redacted: 'redacted',
  /** Set to `gzip` when the body had to be packed to fit beside its attributes; absent otherwise. */
  bodyEncoding: 'body_encoding',
} as const;

/** Attributes that Pub/Sub itself sets on a message that its dead-letter policy forwards. */
export const FORWARDED_ATTRIBUTE = {
  subscription: 'CloudPubSubDeadLetterSourceSubscription',
  publishTime: 'CloudPubSubDeadLetterSourceTopicPublishTime',
} as const;

/** The attributes of a dead letter: its reason, and all that a redrive needs to make it the same event again. */
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
