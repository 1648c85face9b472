/**
 * The attributes that the product reads. They are written out here, so that a wrong name in the product
 * shows.
 */
export const ATTRIBUTE_NAMES = [
  'dead_letter_reason',
  'dead_letter_error',
  'event_id',
  'origin_topic',
  'origin_message_id',
  'origin_publish_time',
  'redrive_count',
  'redacted',
  'body_encoding',
  'CloudPubSubDeadLetterSourceSubscription',
  'CloudPubSubDeadLetterSourceTopicPublishTime',
] as const;
