/**
 * The attributes that the product reads. They are written out here, so that a wrong name in the product
 * shows.
 */
export const ATTRIBUTE_NAMES = [
  'tally_reason',
  'tally_error',
  'tally_event_id',
  'tally_origin_topic',
  'tally_origin_message_id',
  'tally_origin_publish_time',
  'tally_redrive_count',
  'tally_redacted',
  'tally_body_encoding',
  'tally_body_bytes',
  'tally_body_sha256',
  'content-encoding',
  'traceparent',
  'googclient_traceparent',
  'tally_finding_conflict',
  'tally_finding_changed',
  'tally_finding_rivals',
  'tally_finding_too_many',
  'CloudPubSubDeadLetterSourceSubscription',
  'CloudPubSubDeadLetterSourceTopicPublishTime',
] as const;
