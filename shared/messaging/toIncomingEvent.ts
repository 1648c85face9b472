import { gunzipSync } from 'node:zlib';
import type { Carrier, EventStamp, IncomingEvent } from '../domain/event.ts';
import type { SubscriptionSpec } from '../topology.ts';
import { ATTRIBUTE, FORWARDED_ATTRIBUTE, toReports } from './deadLetterAttributes.ts';
import { eventIdOf } from './eventIdOf.ts';
import { parseTime } from './parseTime.ts';
import { isMessageId, type PushedMessage } from './pushBody.ts';
import { maskBody } from '../masking/maskBody.ts';

/**
 * The most bytes of an unpacked body: more than Pub/Sub's 10 MB for a message, less than Cassandra's 16 MiB
 * for a statement.
 */
const UNPACKED_BYTES_MAX = 11 * 1024 * 1024;

/**
 * Works out which event a pushed message carries, when that event was first published, and how it came here.
 * It ignores attributes that it cannot read.
 * @param spec the subscription that pushed the message.
 */
export const toIncomingEvent = (message: PushedMessage, spec: SubscriptionSpec): IncomingEvent => {
  const { attributes } = message;
  const { data, isRedacted, idData } = maskBody(bodyOf(message));
  const publishedAtMs = originalPublishTime(message);
  const eventId = eventIdOf(spec.origin, publishedAtMs, idData);
  return {
    eventId,
    publishedAtMs,
    origin: spec.origin,
    carrier: carrierOf(message, spec, { eventId, publishedAtMs }),
    data,
    isRedacted: isRedacted || attributes[ATTRIBUTE.redacted] !== undefined,
    messageId: message.messageId,
    originMessageId: originMessageId(message),
    subscription: spec.name,
    deliveryAttempt: message.deliveryAttempt,
    redriveCount: redriveCount(attributes[ATTRIBUTE.redriveCount]),
  };
};

const bodyOf = ({ data, attributes }: PushedMessage): Uint8Array => {
  if (attributes[ATTRIBUTE.bodyEncoding] !== 'gzip') return data;
  try {
    return gunzipSync(data, { maxOutputLength: UNPACKED_BYTES_MAX });
  } catch {
    // Tally did not pack this body, although the attribute says so. The bytes are kept as they came.
    return data;
  }
};

/**
 * The earliest time that the message or its attributes claim, in milliseconds since the epoch. So a forged
 * attribute cannot move a write time into the future.
 */
const originalPublishTime = ({ publishTimeMs, attributes }: PushedMessage): number => {
  const claims = [attributes[ATTRIBUTE.originPublishTime], attributes[FORWARDED_ATTRIBUTE.publishTime]]
    .map(parseTime)
    .filter((claim) => claim !== undefined);
  return Math.min(publishTimeMs, ...claims);
};

const originMessageId = ({ messageId, attributes }: PushedMessage): string => {
  const claim = attributes[ATTRIBUTE.originMessageId];
  return claim !== undefined && isMessageId(claim) ? claim : messageId;
};

const redriveCount = (claim: string | undefined): number =>
  /^\d{1,6}$/.test(String(claim)) ? Number(claim) : 0;

const carrierOf = ({ attributes }: PushedMessage, spec: SubscriptionSpec, stamp: EventStamp): Carrier => {
  if (spec.topic === spec.origin) return { kind: 'input' };
  // This comes first, because a redriven dead letter that Pub/Sub forwards has both kinds of attributes.
  if (attributes[FORWARDED_ATTRIBUTE.subscription] !== undefined) return { kind: 'forwarded' };
  const reports = toReports(attributes, stamp);
  return reports.length === 0 ? { kind: 'bare' } : { kind: 'dead-lettered', reports };
};
