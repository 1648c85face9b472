import { gunzipSync } from 'node:zlib';
import { type ConsumerFunction, SUBSCRIPTIONS, type SubscriptionSpec } from '../../../shared/topology.ts';
import { cardNumbersIn } from './cardOracle.ts';
import { type Json, type JsonObject, judgeJson, NumberToken, TOO_DEEP } from './judgeJson.ts';
import { judgeTime } from './judgeTime.ts';

const BODY_BYTES_MAX = 16_777_216;
const UNPACKED_BYTES_MAX = 1_048_576;
const COUNT_MAX = 1_000;
const INT32_MAX = 2_147_483_647;

/** What a request must get: a push that must be handled, or a status that refuses it. */
export type JudgedPush =
  | {
      readonly status: 204;
      readonly data: Uint8Array;
      readonly attributes: ReadonlyMap<string, string>;
      readonly spec: SubscriptionSpec;
      /** When the event was first published; undefined when calendars differ about it. */
      readonly publishedAtMs: number | undefined;
    }
  | { readonly status: 400 | 405 | 413 };

/**
 * What a request is. The rules are written from Pub/Sub's documentation, without the product's endpoint.
 * @returns undefined when both handling and refusing it are right.
 */
export const judgePush = (
  consumer: ConsumerFunction,
  method: string,
  body: Uint8Array | undefined,
): JudgedPush | undefined => {
  if (method !== 'POST') return { status: 405 };
  if (body !== undefined && body.byteLength > BODY_BYTES_MAX) return { status: 413 };
  const judged = judgeJson(Buffer.from(body ?? []).toString('utf8'), COUNT_MAX);
  const refused = { status: 400 } as const;
  if (judged === undefined || judged === TOO_DEEP || judged.brackets > COUNT_MAX) return refused;
  const root = judged.value;
  const message = root instanceof Map ? root.get('message') : undefined;
  if (!(root instanceof Map) || !(message instanceof Map)) return refused;

  const subscription = root.get('subscription');
  const data = message.get('data') ?? (message.has('data') ? null : '');
  const attributes = toAttributes(message.get('attributes'));
  const times = [message.get('publishTime'), message.get('publish_time')];
  if (typeof subscription !== 'string' || subscription === '') return refused;
  if (!isAttempt(root.get('deliveryAttempt'), root.has('deliveryAttempt'))) return refused;
  if (typeof data !== 'string' || !isBase64(data) || attributes === undefined) return refused;
  if (!hasMessageId(message) || !times.every((time) => time === undefined || typeof time === 'string')) {
    return refused;
  }
  const time = times[0] ?? times[1];
  const pushedAtMs = typeof time === 'string' ? judgeTime(time) : false;
  if (pushedAtMs === false) return refused;
  const spec = specOf(subscription, consumer);
  if (spec === undefined) return refused;
  if (pushedAtMs === undefined) return undefined;
  return {
    status: 204,
    data: unpack(Buffer.from(data, 'base64'), attributes),
    attributes,
    spec,
    publishedAtMs: firstPublishTime(pushedAtMs, attributes),
  };
};

const isAttempt = (raw: Json | undefined, isThere: boolean): boolean => {
  if (!isThere) return true;
  if (!(raw instanceof NumberToken)) return false;
  const value = Number(raw.source);
  return value % 1 === 0 && value >= 0 && value <= INT32_MAX;
};

const BASE64_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const IS_BASE64 = Array.from({ length: 128 }, (_, code) =>
  BASE64_LETTERS.includes(String.fromCharCode(code)),
);

const isBase64 = (text: string): boolean => {
  if (text.length % 4 !== 0) return false;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  for (let at = 0; at < text.length - padding; at += 1) {
    if (IS_BASE64[text.charCodeAt(at)] !== true) return false;
  }
  return true;
};

/** No client can set an attribute `__proto__`, so it is ignored, with any value. */
const toAttributes = (raw: Json | undefined): ReadonlyMap<string, string> | undefined => {
  if (raw === undefined || raw === null) return new Map();
  if (!(raw instanceof Map) || raw.size > COUNT_MAX) return undefined;
  const entries = [...raw].filter(([key]) => key !== '__proto__');
  const texts = entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return texts.length === entries.length ? new Map(texts) : undefined;
};

const hasMessageId = (message: JsonObject): boolean => {
  const ids = ['messageId', 'message_id']
    .filter((name) => message.has(name))
    .map((name) => message.get(name));
  return ids.length > 0 && ids.every(isMessageId);
};

const isMessageId = (id: Json | undefined): boolean =>
  typeof id === 'string' &&
  id.length >= 1 &&
  id.length <= 100 &&
  (/^[0-9]+$/.test(id) || (/^[A-Za-z0-9_.:-]+$/.test(id) && cardNumbersIn(id).length === 0));

/** The earliest time that the message or its attributes claim. A claim that is no time counts as none. */
const firstPublishTime = (
  pushedAtMs: number,
  attributes: ReadonlyMap<string, string>,
): number | undefined => {
  let earliest = pushedAtMs;
  for (const name of ['tally_origin_publish_time', 'CloudPubSubDeadLetterSourceTopicPublishTime']) {
    const claim = judgeTime(attributes.get(name) ?? '');
    if (claim === undefined) return undefined;
    if (claim !== false) earliest = Math.min(earliest, claim);
  }
  return earliest;
};

const specOf = (path: string, consumer: ConsumerFunction): SubscriptionSpec | undefined => {
  const name = path.split('/').at(-1) ?? '';
  const own = SUBSCRIPTIONS.filter((each) => each.consumer === consumer);
  const named = own.find((each) => each.name === name);
  if (named !== undefined || consumer === 'onDlq') return named;
  return SUBSCRIPTIONS.some((each) => name.endsWith(each.name)) ? undefined : own[0];
};

const unpack = (data: Uint8Array, attributes: ReadonlyMap<string, string>): Uint8Array => {
  const encodings = ['tally_body_encoding', 'content-encoding'].map((name) => attributes.get(name));
  if (!encodings.some((encoding) => encoding?.toLowerCase() === 'gzip')) return data;
  try {
    return gunzipSync(data, { maxOutputLength: UNPACKED_BYTES_MAX });
  } catch {
    // It is no gzip, or too much to be unpacked. Then it is judged as it is, and a packed body is no JSON.
    return data;
  }
};
