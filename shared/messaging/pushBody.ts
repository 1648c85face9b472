import * as z from 'zod';
import { BODY_BYTES_MAX, REQUEST_BYTES_MAX } from '../bodyText.ts';
import type { LargeBody } from '../masking/cutBody.ts';
import { maskCardNumbers } from '../masking/maskCardNumbers.ts';
import { explainBytes } from './explainBytes.ts';
import { measureBrackets } from './measureBrackets.ts';
import { parseTime } from './parseTime.ts';
import type { ReceivedMessage } from './receivedMessage.ts';

/**
 * The request is not a Pub/Sub push. The endpoint logs that and answers with `status`, so nothing is acked.
 */
export class NotAPushError extends Error {
  override readonly name = 'NotAPushError';
  readonly status: 400 | 405 | 413;

  constructor(status: 400 | 405 | 413, message: string) {
    super(message);
    this.status = status;
  }
}

const MESSAGE_ID_CHARACTERS_MAX = 100;

/**
 * Whether a text may be a message id: at most 100 letters, digits or `._:-`. Pub/Sub's own ids are digits,
 * and I8 does not apply to ids. Any other id could be a card number with dashes. Such an id is refused.
 */
export const isMessageId = (id: string): boolean =>
  id.length <= MESSAGE_ID_CHARACTERS_MAX &&
  (/^\d+$/.test(id) || (/^[\w.:-]+$/.test(id) && maskCardNumbers(id) === id));

/** A push has three. A platform may add a few. */
const BRACKETS_MAX = 1_000;
/** It is an int32 in Pub/Sub's API. A longer number could be a card number (I8). */
const DELIVERY_ATTEMPT_MAX = 2 ** 31 - 1;
/**
 * Pub/Sub takes 100 from a publisher and adds a few. If a million were malformed, their error texts would
 * fill the memory.
 */
const ATTRIBUTES_MAX = 1_000;

const hasFewAttributes = (raw: unknown): boolean =>
  typeof raw !== 'object' || raw === null || Object.keys(raw).length <= ATTRIBUTES_MAX;

const attributes = z
  .unknown()
  .refine(hasFewAttributes, `expected at most ${ATTRIBUTES_MAX} attributes`)
  .pipe(z.record(z.string(), z.string()).nullish());

const messageId = z
  .string()
  .refine(isMessageId, `expected 1 to ${MESSAGE_ID_CHARACTERS_MAX} letters, digits or ._:-`);

const isBase64 = (text: string): boolean => text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);

// The body's fields, in both spellings: https://cloud.google.com/pubsub/docs/push#receive_push
const pushSchema = z.object({
  subscription: z.string().min(1),
  deliveryAttempt: z.int().min(0).max(DELIVERY_ATTEMPT_MAX).optional(),
  message: z
    .object({
      data: z.string().refine(isBase64, 'expected standard base64').optional(),
      attributes: attributes.optional(),
      messageId: messageId.optional(),
      message_id: messageId.optional(),
      publishTime: z.string().optional(),
      publish_time: z.string().optional(),
    })
    .transform((message, context) => {
      const id = message.messageId ?? message.message_id;
      const publishTimeMs = parseTime(message.publishTime ?? message.publish_time);
      if (id === undefined) context.addIssue('expected a messageId');
      if (publishTimeMs === undefined) context.addIssue('expected a publishTime in RFC 3339');
      return { ...message, messageId: id ?? '', publishTimeMs: publishTimeMs ?? 0 };
    }),
});

/**
 * Decodes the wrapped body of a Pub/Sub push. An Eventarc trigger sends the same body.
 * @param method the method of the request. Only POST is a push.
 * @param body the bytes of the request. Its content type does not matter.
 * @param headers they only help to say what else was sent.
 * @throws NotAPushError that says what was wrong and what is allowed.
 */
export const parsePushBody = (
  method: string,
  body: Uint8Array,
  headers: PushHeaders = {},
): ReceivedMessage => {
  if (method !== 'POST') throw new NotAPushError(405, `expected POST, got ${method}`);
  if (body.byteLength > REQUEST_BYTES_MAX) {
    throw new NotAPushError(
      413,
      `expected at most ${REQUEST_BYTES_MAX} bytes, got ${body.byteLength}: Pub/Sub never sends so many`,
    );
  }
  const envelope = parseEnvelope(body, headers);
  const result = pushSchema.safeParse(envelope);
  if (!result.success) {
    const other = nameOther(envelope, headers);
    if (other !== undefined) throw new NotAPushError(400, `expected a Pub/Sub push, got ${other}`);
    const problems = result.error.issues.map(
      (issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`,
    );
    throw new NotAPushError(400, `expected a Pub/Sub push: ${problems.join('; ')}`);
  }
  const { subscription, deliveryAttempt, message } = result.data;
  return {
    subscription,
    messageId: message.messageId,
    publishTimeMs: message.publishTimeMs,
    data: decode(message.data ?? ''),
    attributes: message.attributes ?? {},
    deliveryAttempt: deliveryAttempt === 0 ? undefined : deliveryAttempt,
  };
};

/** The header that says the id of a message whose subscription has payload unwrapping and metadata on. */
const UNWRAPPED_HEADER = 'x-goog-pubsub-message-id';
const UNWRAPPED =
  'an unwrapped one: switch payload unwrapping off in its subscription (gcloud pubsub subscriptions update' +
  ' NAME --clear-push-no-wrapper-config)';
const STRUCTURED_EVENT =
  'a structured CloudEvent: let Pub/Sub push by itself, or let Eventarc send binary CloudEvents';

type PushHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** The name of what else it may be; undefined when it is nothing that is known. */
const nameOther = (envelope: unknown, headers: PushHeaders): string | undefined => {
  if (headers[UNWRAPPED_HEADER] !== undefined) return UNWRAPPED;
  if (typeof envelope !== 'object' || envelope === null) return undefined;
  if ('specversion' in envelope) return STRUCTURED_EVENT;
  const isMessage = 'message' in envelope || 'subscription' in envelope;
  return !isMessage && ('order_id' in envelope || 'payment_id' in envelope) ? UNWRAPPED : undefined;
};

const parseEnvelope = (body: Uint8Array, headers: PushHeaders): unknown => {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
  if (measureBrackets(text, BRACKETS_MAX).count > BRACKETS_MAX) {
    throw new NotAPushError(400, `expected a Pub/Sub push, got more than ${BRACKETS_MAX} objects and arrays`);
  }
  try {
    return JSON.parse(text);
  } catch {
    // The engine's message quotes the text, which may hold a card number (I8). So it is not the cause.
    const what = nameOther(undefined, headers) ?? explainBytes(body);
    throw new NotAPushError(400, `expected a Pub/Sub push, got ${what}`);
  }
};

const decode = (base64: string): Uint8Array | LargeBody => {
  const byteLength = Buffer.byteLength(base64, 'base64');
  if (byteLength <= BODY_BYTES_MAX) return Buffer.from(base64, 'base64');
  return {
    byteLength,
    // Four characters are three bytes.
    read: (start, end) => {
      const first = Math.floor(start / 3);
      const text = base64.slice(first * 4, Math.ceil(end / 3) * 4);
      return Buffer.from(text, 'base64').subarray(start - first * 3, end - first * 3);
    },
  };
};
