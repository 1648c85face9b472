import { z } from 'zod';
import { maskCardNumbers } from '../masking/maskCardNumbers.ts';
import { measureBrackets } from './measureBrackets.ts';
import { parseTime } from './parseTime.ts';

/** Pub/Sub's largest message has 10 MB. In base64 and with its envelope, it stays below this. */
export const PUSH_BODY_BYTES_MAX = 16 * 1024 * 1024;

/** A message as Pub/Sub pushed it. It is decoded from its envelope, and not yet interpreted. */
export interface PushedMessage {
  /** `projects/<project>/subscriptions/<name>` */
  readonly subscription: string;
  readonly messageId: string;
  /** Milliseconds since the epoch. */
  readonly publishTimeMs: number;
  readonly data: Uint8Array;
  readonly attributes: Readonly<Record<string, string>>;
  /** 1 on the first delivery. Undefined when the subscription has no dead-letter policy. */
  readonly deliveryAttempt: number | undefined;
}

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
 * @throws NotAPushError that says what was wrong and what is allowed.
 */
export const parsePushBody = (method: string, body: Uint8Array): PushedMessage => {
  if (method !== 'POST') throw new NotAPushError(405, `expected POST, got ${method}`);
  if (body.byteLength > PUSH_BODY_BYTES_MAX) {
    throw new NotAPushError(
      413,
      `expected at most ${PUSH_BODY_BYTES_MAX} bytes, got ${body.byteLength}: Pub/Sub never sends so many`,
    );
  }
  const result = pushSchema.safeParse(parseEnvelope(body));
  if (!result.success) {
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
    data: Buffer.from(message.data ?? '', 'base64'),
    attributes: message.attributes ?? {},
    deliveryAttempt: deliveryAttempt === 0 ? undefined : deliveryAttempt,
  };
};

const parseEnvelope = (body: Uint8Array): unknown => {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
  if (measureBrackets(text, BRACKETS_MAX).count > BRACKETS_MAX) {
    throw new NotAPushError(400, `expected a Pub/Sub push, got more than ${BRACKETS_MAX} objects and arrays`);
  }
  try {
    return JSON.parse(text);
  } catch {
    // The engine's message quotes the text, which may hold a card number (I8). So it is not the cause.
    throw new NotAPushError(400, `expected a Pub/Sub push, got ${body.byteLength} bytes that are not JSON`);
  }
};
