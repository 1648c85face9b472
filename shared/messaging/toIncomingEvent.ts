import { gunzipSync } from 'node:zlib';
import { BODY_BYTES_MAX } from '../bodyText.ts';
import type { BodyCut, Carrier, EventStamp, IncomingEvent } from '../domain/event.ts';
import { cutBody, type LargeBody } from '../masking/cutBody.ts';
import type { SubscriptionSpec } from '../topology.ts';
import { ATTRIBUTE, FORWARDED_ATTRIBUTE, TRACE_ATTRIBUTES, toReports } from './deadLetterAttributes.ts';
import { eventIdOf } from './eventIdOf.ts';
import { parseTime } from './parseTime.ts';
import { isMessageId } from './pushBody.ts';
import type { ReceivedMessage } from './receivedMessage.ts';
import { maskBody } from '../masking/maskBody.ts';
import { formatTraceparent, parseTraceparent, traceparentOfEvent } from '../telemetry/traceparent.ts';

/** How gzip starts. No JSON does: https://www.rfc-editor.org/rfc/rfc1952#section-2.3.1 */
const GZIP_MAGIC = [0x1f, 0x8b];
/** A producer may pack a body, and says so in one of these attributes of the message. */
const ENCODING_ATTRIBUTES = ['content-encoding', ATTRIBUTE.bodyEncoding];

/**
 * Works out which event a delivered message carries, when that event was first published, and how it came
 * here. It ignores attributes that it cannot read.
 * @param spec the subscription that delivered the message.
 * @param traceparent the header of the request that brought it; undefined for a message that was pulled.
 */
export const toIncomingEvent = (
  message: ReceivedMessage,
  spec: SubscriptionSpec,
  traceparent?: string | string[],
): IncomingEvent => {
  const { attributes } = message;
  const { data, cut, isRedacted, idData } = bodyOf(message);
  const publishedAtMs = originalPublishTime(message);
  const eventId = eventIdOf(spec.origin, publishedAtMs, idData);
  return {
    eventId,
    publishedAtMs,
    origin: spec.origin,
    carrier: carrierOf(message, spec, { eventId, publishedAtMs }),
    data,
    cut,
    isRedacted: isRedacted || attributes[ATTRIBUTE.redacted] !== undefined,
    messageId: message.messageId,
    originMessageId: originMessageId(message),
    subscription: spec.name,
    deliveryAttempt: message.deliveryAttempt,
    redriveCount: redriveCount(attributes[ATTRIBUTE.redriveCount]),
    traceparent: traceOf(attributes, traceparent) ?? traceparentOfEvent(eventId),
  };
};

interface Body extends Pick<IncomingEvent, 'data' | 'cut' | 'isRedacted'> {
  /** What the event id is taken over. */
  readonly idData: Uint8Array;
}

const bodyOf = ({ data, attributes }: ReceivedMessage): Body => {
  if (!(data instanceof Uint8Array)) return toCutBody(data);
  if (data.byteLength > BODY_BYTES_MAX) return toCutBody(inPieces(data));
  const claim = readCut(attributes);
  if (claim !== undefined) return { ...maskBody(data), cut: claim, idData: idOfCut(claim) };
  const unpacked = unpack(data, attributes);
  if (unpacked !== undefined) return { ...maskBody(unpacked), cut: undefined };
  return toCutBody(inPieces(data));
};

const inPieces = (data: Uint8Array): LargeBody => ({
  byteLength: data.byteLength,
  read: (start, end) => data.subarray(start, end),
});

const isGzip = (data: Uint8Array): boolean => GZIP_MAGIC.every((byte, index) => data[index] === byte);

/** @returns undefined for gzip that is not called so, is damaged, or unpacks to gzip or to too much. */
const unpack = (data: Uint8Array, attributes: ReceivedMessage['attributes']): Uint8Array | undefined => {
  if (!isGzip(data)) return data;
  if (!ENCODING_ATTRIBUTES.some((name) => attributes[name]?.toLowerCase() === 'gzip')) return undefined;
  try {
    const unpacked = gunzipSync(data, { maxOutputLength: BODY_BYTES_MAX });
    return isGzip(unpacked) ? undefined : unpacked;
  } catch {
    // The sentence of the dead letter says what it may be.
    return undefined;
  }
};

/** Packed bytes could hide a card number, so none of them are kept. */
const toCutBody = (large: LargeBody): Body => {
  const body = cutBody(large);
  const data = isGzip(large.read(0, GZIP_MAGIC.length)) ? new Uint8Array() : body.data;
  return { ...body, data, idData: idOfCut(body.cut) };
};

/** The same for the message that was cut and for the dead letter that carries what was kept of it. */
const idOfCut = ({ bytes, sha256 }: BodyCut): Uint8Array => Buffer.from(`${bytes}\n${sha256}`);

const readCut = (attributes: ReceivedMessage['attributes']): BodyCut | undefined => {
  const bytes = String(attributes[ATTRIBUTE.bodyBytes]);
  const sha256 = String(attributes[ATTRIBUTE.bodySha256]);
  return /^\d{1,9}$/.test(bytes) && /^[0-9a-f]{64}$/.test(sha256)
    ? { bytes: Number(bytes), sha256 }
    : undefined;
};

/**
 * The earliest time that the message or its attributes claim, in milliseconds since the epoch. So a forged
 * attribute cannot move a write time into the future.
 */
const originalPublishTime = ({ publishTimeMs, attributes }: ReceivedMessage): number => {
  const claims = [attributes[ATTRIBUTE.originPublishTime], attributes[FORWARDED_ATTRIBUTE.publishTime]]
    .map(parseTime)
    .filter((claim) => claim !== undefined);
  return Math.min(publishTimeMs, ...claims);
};

const originMessageId = ({ messageId, attributes }: ReceivedMessage): string => {
  const claim = attributes[ATTRIBUTE.originMessageId];
  return claim !== undefined && isMessageId(claim) ? claim : messageId;
};

const redriveCount = (claim: string | undefined): number =>
  /^\d{1,6}$/.test(String(claim)) ? Number(claim) : 0;

/**
 * The trace that a message belongs to: the one that it carries, or that of the request. A request of the
 * platform begins a trace at each delivery, so the message's own comes first.
 */
const traceOf = (
  attributes: ReceivedMessage['attributes'],
  header: string | string[] | undefined,
): string | undefined => {
  const found = [...TRACE_ATTRIBUTES.map((name) => attributes[name]), header]
    .map(parseTraceparent)
    .find((context) => context !== undefined);
  return found && formatTraceparent(found);
};

const carrierOf = ({ attributes }: ReceivedMessage, spec: SubscriptionSpec, stamp: EventStamp): Carrier => {
  if (spec.topic === spec.origin) return { kind: 'input' };
  // This comes first, because a redriven dead letter that Pub/Sub forwards has both kinds of attributes.
  if (attributes[FORWARDED_ATTRIBUTE.subscription] !== undefined) return { kind: 'forwarded' };
  const reports = toReports(attributes, stamp);
  return reports.length === 0 ? { kind: 'bare' } : { kind: 'dead-lettered', reports };
};
