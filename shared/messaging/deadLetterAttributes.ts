import { DEAD_LETTER_REASONS, type DeadLetterReason, type Report } from '../domain/deadLetter.ts';
import { FINDING_REASONS, type FindingReason } from '../domain/finding.ts';
import type { EventStamp, IncomingEvent } from '../domain/event.ts';
import { toErrorText } from '../masking/toErrorText.ts';
import { parseTime } from './parseTime.ts';
import { isEventId } from '../domain/isEventId.ts';

/**
 * The names of the attributes on a message that Tally publishes to a dead-letter topic, or that is put back.
 */
export const ATTRIBUTE = {
  /** The reasons of all reports, joined by commas. */
  reason: 'tally_reason',
  error: 'tally_error',
  eventId: 'tally_event_id',
  originTopic: 'tally_origin_topic',
  originMessageId: 'tally_origin_message_id',
  originPublishTime: 'tally_origin_publish_time',
  redriveCount: 'tally_redrive_count',
  /** `card_number` when masking changed the body (I8); absent otherwise. */
  redacted: 'tally_redacted',
  /** `gzip` when the body is packed; absent otherwise. */
  bodyEncoding: 'tally_body_encoding',
  /** The size and the hash of a body that is cut, as in `BodyCut`; absent otherwise. */
  bodyBytes: 'tally_body_bytes',
  bodySha256: 'tally_body_sha256',
  /** On a message that an operator edited: the id of the dead letter that it stands for. */
  editedFrom: 'tally_edited_from',
} as const;

/** W3C's name for the trace of a message: https://www.w3.org/TR/trace-context/. */
export const TRACE_ATTRIBUTE = 'traceparent';

/** Where a message may carry its trace. Google's client, when it traces, writes the second one. */
export const TRACE_ATTRIBUTES = [TRACE_ATTRIBUTE, 'googclient_traceparent'] as const;

/** The attribute of a finding: JSON with its id, the time since which it stands, and its sentence. */
export const findingAttribute = (reason: FindingReason): string => `tally_finding_${reason}`;

/**
 * Attributes that Pub/Sub sets on a message that its dead-letter policy forwards:
 * https://cloud.google.com/pubsub/docs/handling-failures#how_dead_letter_topics_work.
 */
export const FORWARDED_ATTRIBUTE = {
  subscription: 'CloudPubSubDeadLetterSourceSubscription',
  publishTime: 'CloudPubSubDeadLetterSourceTopicPublishTime',
} as const;

/** The most bytes of the sentence of a finding. Pub/Sub allows 1,024 bytes for a whole attribute. */
const FINDING_ERROR_BYTES_MAX = 500;

/**
 * The attributes of a dead letter: its reports, and all that a redrive needs to publish the same event again.
 * @param reports at least one.
 */
export const toDeadLetterAttributes = (
  event: IncomingEvent,
  reports: readonly Report[],
): Record<string, string> => ({
  [ATTRIBUTE.reason]: reports.map(({ reason }) => reason).join(','),
  [ATTRIBUTE.error]: toErrorText(reports.map(({ error }) => error).join('; ')),
  [ATTRIBUTE.eventId]: event.eventId,
  [ATTRIBUTE.originTopic]: event.origin,
  [ATTRIBUTE.originMessageId]: event.originMessageId,
  [ATTRIBUTE.originPublishTime]: new Date(event.publishedAtMs).toISOString(),
  [ATTRIBUTE.redriveCount]: String(event.redriveCount),
  ...(event.isRedacted ? { [ATTRIBUTE.redacted]: 'card_number' } : {}),
  ...(event.cut === undefined
    ? {}
    : { [ATTRIBUTE.bodyBytes]: String(event.cut.bytes), [ATTRIBUTE.bodySha256]: event.cut.sha256 }),
  ...Object.fromEntries(reports.flatMap(findingEntry)),
  [TRACE_ATTRIBUTE]: event.traceparent,
});

const isFinding = (reason: DeadLetterReason): reason is FindingReason =>
  FINDING_REASONS.some((finding) => finding === reason);

const findingEntry = ({ reason, id, sinceMs, error }: Report): [string, string][] =>
  isFinding(reason)
    ? [
        [
          findingAttribute(reason),
          JSON.stringify({
            id,
            since: new Date(sinceMs).toISOString(),
            error: toErrorText(error, FINDING_ERROR_BYTES_MAX),
          }),
        ],
      ]
    : [];

/**
 * Reads the reports in the attributes of a dead letter. A reason that Tally does not know, and a finding that
 * cannot be read, are left out.
 * @param stamp that of the message's event, for the reports that are about the event itself.
 */
export const toReports = (
  attributes: Readonly<Record<string, string>>,
  { eventId, publishedAtMs }: EventStamp,
): readonly Report[] => {
  const named = new Set((attributes[ATTRIBUTE.reason] ?? '').split(','));
  const error = toErrorText(attributes[ATTRIBUTE.error] ?? '');
  return DEAD_LETTER_REASONS.filter((reason) => named.has(reason)).flatMap((reason): Report[] => {
    if (!isFinding(reason)) return [{ reason, error, id: eventId, sinceMs: publishedAtMs }];
    const found = toFinding(attributes[findingAttribute(reason)] ?? '');
    if (found === undefined) return [];
    // A finding stands since its earliest event, so no message can move it to a later day than its own.
    return [{ ...found, reason, sinceMs: Math.min(found.sinceMs, publishedAtMs) }];
  });
};

const toFinding = (json: string): Omit<Report, 'reason'> | undefined => {
  const { id, since, error } = parseObject(json);
  if (typeof id !== 'string' || typeof since !== 'string' || typeof error !== 'string') return undefined;
  const sinceMs = parseTime(since);
  if (!isEventId(id) || sinceMs === undefined) return undefined;
  return { id, sinceMs, error: toErrorText(error, FINDING_ERROR_BYTES_MAX) };
};

const parseObject = (json: string): Readonly<Record<string, unknown>> => {
  try {
    // What is not an object has none of the fields.
    return { ...JSON.parse(json) };
  } catch {
    // Tally did not write this attribute. The finding is left out, as one that is not there.
    return {};
  }
};
