import type { PublishedMessage } from '../../local/pubsub/server/message.ts';
import type { Outcome } from '../contract.ts';
import type { InputTopic } from '../../shared/topology.ts';

/** So many messages are kept, the newest. */
const MESSAGES_KEPT_MAX = 10_000;
/** Payloads of older messages are forgotten first, so that large ones do not take the memory. */
const PAYLOAD_BYTES_MAX = 64 * 1024 ** 2;
/** Pub/Sub delivers 100 times and then forwards. Of more attempts than this, the first are forgotten. */
const ATTEMPTS_KEPT_MAX = 120;

export interface KeptAttempt {
  readonly number: number;
  readonly function: string | null;
  readonly startedAtMs: number;
  /** Of the delivery, as long as nobody has settled it. */
  ackId: string | undefined;
  endedAtMs: number | null;
  /** How it ended for Pub/Sub. */
  ended: 'acked' | 'nacked' | undefined;
  /** What the function says that it answered. */
  answered: 'ack' | 'retry' | undefined;
  isPulled: boolean;
  outcome: string | null;
  error: string | null;
  /** How long Pub/Sub holds it back after a nack. */
  holdMs: number | null;
  traceId: string | null;
}

/** One message of an input topic, with all that happened to it. */
export interface KeptMessage {
  readonly messageId: string;
  readonly topic: InputTopic;
  readonly publishedAtMs: number;
  /** As it was published, cards and all: it is masked before it leaves the server. Undefined: forgotten. */
  published: Pick<PublishedMessage, 'data' | 'attributes'> | undefined;
  readonly bytes: number;
  eventId: string | undefined;
  /** Bits of the event id, by which rows are sampled. */
  bits: number;
  orderId: string | null;
  paymentId: string | null;
  outcome: Outcome;
  findings: readonly string[];
  error: string | null;
  redriveCount: number;
  failed: number;
  ackedAtMs: number | null;
  attempts: KeptAttempt[];
  /** How many of the forgotten attempts were acked, and the outcome of the first of these. */
  unlisted?: { readonly acks: number; readonly first: string | null } | undefined;
}

/** A message of which nothing is known yet but what was published. Without a payload: nobody saw it. */
export const newKeptMessage = (
  message: Pick<KeptMessage, 'messageId' | 'topic' | 'publishedAtMs' | 'published'>,
): KeptMessage => ({
  ...message,
  bytes: message.published?.data.byteLength ?? 0,
  eventId: undefined,
  bits: 0,
  orderId: null,
  paymentId: null,
  outcome: 'on its way',
  findings: [],
  error: null,
  redriveCount: 0,
  failed: 0,
  ackedAtMs: null,
  attempts: [],
});

interface KeptMessages {
  readonly add: (message: KeptMessage) => void;
  readonly byMessage: (messageId: string) => KeptMessage | undefined;
  readonly byEvent: (eventId: string) => KeptMessage | undefined;
  /**
   * Names the event that a message carries. A second message of one event is a part of the first from then
   * on.
   */
  readonly name: (message: KeptMessage, eventId: string, bits: number) => KeptMessage;
  /** A later message carries the same event: a redrive, or a copy that Pub/Sub forwarded. */
  readonly join: (messageId: string, message: KeptMessage) => void;
  /** Forgets what was published, and keeps what is known of it. */
  readonly forgetPayload: (message: KeptMessage | undefined) => void;
  /** Oldest first. */
  readonly all: () => Iterable<KeptMessage>;
}

/** Keeps the newest 10,000 messages, and up to 64 MiB of their payloads. */
export const createKeptMessages = (
  limits = { messages: MESSAGES_KEPT_MAX, payloadBytes: PAYLOAD_BYTES_MAX },
): KeptMessages => {
  const messages = createAgedSet<KeptMessage>();
  const messageIds = new Map<string, KeptMessage>();
  const events = new Map<string, KeptMessage>();
  /** Messages with a payload, oldest first. */
  const withPayload = createAgedSet<KeptMessage>();
  let payloadBytes = 0;

  const forgetPayload = (message: KeptMessage | undefined): void => {
    if (message === undefined || !withPayload.delete(message)) return;
    payloadBytes -= message.bytes;
    message.published = undefined;
  };
  const forget = (message: KeptMessage): void => {
    messages.delete(message);
    forgetPayload(message);
    if (message.eventId !== undefined && events.get(message.eventId) === message)
      events.delete(message.eventId);
    if (messageIds.get(message.messageId) === message) messageIds.delete(message.messageId);
  };
  /** Later messages of an event are few. Those whose event is forgotten are forgotten with the next ones. */
  const joined = new Map<string, KeptMessage>();

  return {
    add: (message) => {
      messages.add(message);
      messageIds.set(message.messageId, message);
      if (message.published !== undefined) {
        withPayload.add(message);
        payloadBytes += message.bytes;
      }
      if (messages.size() > limits.messages) forget(messages.oldest() ?? message);
      while (payloadBytes > limits.payloadBytes) forgetPayload(withPayload.oldest() ?? message);
    },
    byMessage: (messageId) => messageIds.get(messageId) ?? joined.get(messageId),
    byEvent: (eventId) => events.get(eventId),
    name: (message, eventId, bits) => {
      const known = events.get(eventId);
      if (known !== undefined && known !== message) {
        for (const attempt of message.attempts) addAttempt(known, attempt);
        known.failed += message.failed;
        forget(message);
        joined.set(message.messageId, known);
        if (joined.size > limits.messages) joined.delete(first(joined.keys()) ?? '');
        return known;
      }
      message.eventId = eventId;
      message.bits = bits;
      if (messages.has(message)) events.set(eventId, message);
      return message;
    },
    join: (messageId, message) => {
      joined.set(messageId, message);
      if (joined.size > limits.messages) joined.delete(first(joined.keys()) ?? '');
    },
    forgetPayload,
    all: messages.all,
  };
};

const first = <T>(items: Iterator<T>): T | undefined => items.next().value;

/**
 * The oldest item of a `Set` is slow to find, when many before it were deleted. So this one has a line as
 * well.
 */
const createAgedSet = <T>() => {
  const items = new Set<T>();
  let line: T[] = [];
  let head = 0;
  const all = (): T[] => line.slice(head).filter((item) => items.has(item));
  return {
    add: (item: T): void => {
      items.add(item);
      line.push(item);
      if (line.length < 2 * items.size + LINE_CUT) return;
      line = all();
      head = 0;
    },
    has: (item: T): boolean => items.has(item),
    delete: (item: T): boolean => items.delete(item),
    size: (): number => items.size,
    oldest: (): T | undefined => {
      for (; head < line.length; head += 1) {
        const item = line[head];
        if (item !== undefined && items.has(item)) return item;
      }
      return undefined;
    },
    all,
  };
};

/** The line is made anew when it has so many items that are gone. */
const LINE_CUT = 10_000;

/** Adds an attempt. Of very many, the oldest are forgotten. */
export const addAttempt = (message: KeptMessage, attempt: KeptAttempt): void => {
  message.attempts.push(attempt);
  if (message.attempts.length <= ATTEMPTS_KEPT_MAX) return;
  const forgotten = message.attempts.shift();
  if (forgotten?.ended !== 'acked') return;
  const { acks, first: outcome } = message.unlisted ?? { acks: 0, first: forgotten.outcome };
  message.unlisted = { acks: acks + 1, first: outcome };
};
