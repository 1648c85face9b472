import { invalidArgument } from './statusError.ts';

/** What a publisher sends. */
export interface NewMessage {
  readonly data: Uint8Array;
  readonly attributes: Readonly<Record<string, string>>;
  /** Deliveries carry it, but are not ordered by it. */
  readonly orderingKey: string;
}

/** A message that a topic has accepted. The subscriptions share it, so nothing may change it. */
export interface PublishedMessage extends NewMessage {
  /** Digits. Each message gets a higher number than the one before it. */
  readonly messageId: string;
  /** 1 for the first message since the start. The faults go by it, so that a seed hits the same messages. */
  readonly nth: number;
  readonly publishedAtMs: number;
}

/** One delivery of a message. A subscriber settles it with its ack id. */
export interface Delivery {
  /** Opaque and unique: a late ack of an expired delivery must not settle the message's next delivery. */
  readonly ackId: string;
  readonly message: PublishedMessage;
  readonly bytes: number;
  /** 1 + nacks + expired deadlines, of this message so far. */
  readonly attempt: number;
}

// Production's limits: https://cloud.google.com/pubsub/quotas#resource_limits
const MESSAGES_PER_PUBLISH_MAX = 1_000;
const PUBLISH_BYTES_MAX = 10_000_000;
const ATTRIBUTES_MAX = 100;
const ATTRIBUTE_KEY_BYTES_MAX = 256;
const ATTRIBUTE_VALUE_BYTES_MAX = 1_024;
const ORDERING_KEY_BYTES_MAX = 1_024;

/** @throws StatusError INVALID_ARGUMENT for a publish that production would refuse. */
export const assertPublishable = (messages: readonly NewMessage[]): void => {
  if (messages.length === 0 || messages.length > MESSAGES_PER_PUBLISH_MAX) {
    throw invalidArgument(
      `A publish takes 1 to ${MESSAGES_PER_PUBLISH_MAX} messages, and this one has ${messages.length}.`,
    );
  }
  const bytes = messages.map(sizeOf).reduce((sum, size) => sum + size, 0);
  if (bytes > PUBLISH_BYTES_MAX) {
    throw invalidArgument(`A publish takes at most ${PUBLISH_BYTES_MAX} bytes, and this one has ${bytes}.`);
  }
  for (const { data, attributes, orderingKey } of messages) {
    const entries = Object.entries(attributes);
    if (data.byteLength === 0 && entries.length === 0) {
      throw invalidArgument('A message needs data or at least one attribute.');
    }
    if (Buffer.byteLength(orderingKey) > ORDERING_KEY_BYTES_MAX) {
      throw invalidArgument(`An ordering key takes at most ${ORDERING_KEY_BYTES_MAX} bytes.`);
    }
    if (entries.length > ATTRIBUTES_MAX)
      throw invalidArgument(`A message takes at most ${ATTRIBUTES_MAX} attributes.`);
    for (const [key, value] of entries) {
      if (key === '' || Buffer.byteLength(key) > ATTRIBUTE_KEY_BYTES_MAX) {
        throw invalidArgument(`An attribute's key takes 1 to ${ATTRIBUTE_KEY_BYTES_MAX} bytes.`);
      }
      if (Buffer.byteLength(value) > ATTRIBUTE_VALUE_BYTES_MAX) {
        throw invalidArgument(`An attribute's value takes at most ${ATTRIBUTE_VALUE_BYTES_MAX} bytes.`);
      }
    }
  }
};

/** The bytes that production counts for its limits: data, attributes and ordering key. */
export const sizeOf = ({ data, attributes, orderingKey }: NewMessage): number =>
  Object.entries(attributes).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    data.byteLength + Buffer.byteLength(orderingKey),
  );
