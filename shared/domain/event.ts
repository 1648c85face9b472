import type { InputTopic } from '../topology.ts';
import type { Report } from './deadLetter.ts';

/** What identifies an event. Every redelivery, forwarded copy and redrive of the event has the same stamp. */
export interface EventStamp {
  /** 32 hex digits: see `messaging/eventIdOf.ts`. */
  readonly eventId: string;
  /**
   * When the event was first published, in milliseconds since the epoch. A message that carries the event
   * again has a later publish time, which is not used here.
   */
  readonly publishedAtMs: number;
}

/** How a message reached the subscription that delivered it. */
export type Carrier =
  /** A producer published it to an input topic, or a redrive put it back there. */
  | { readonly kind: 'input' }
  /** Tally published it to a dead-letter topic, with the reports in its attributes. */
  | { readonly kind: 'dead-lettered'; readonly reports: readonly Report[] }
  /** Pub/Sub forwarded it to a dead-letter topic after too many delivery attempts. */
  | { readonly kind: 'forwarded' }
  /**
   * It is on a dead-letter topic without attributes of Tally or Pub/Sub. The reference publishes such ones.
   */
  | { readonly kind: 'bare' };

/** What is known of a body that is not kept whole. */
export interface BodyCut {
  /** The size of the body as it came, in bytes. */
  readonly bytes: number;
  /** The SHA-256, in hex, of the body as it came, with card numbers masked by the first masking rule. */
  readonly sha256: string;
}

/** One delivered message, parsed once at the edge. */
export interface IncomingEvent extends EventStamp {
  readonly origin: InputTopic;
  readonly carrier: Carrier;
  /** The published bytes, with card numbers masked (I8); the first of them when the body is cut. */
  readonly data: Uint8Array;
  /** Set when the body is too large to be read as an order or a payment. */
  readonly cut: BodyCut | undefined;
  /** True when masking changed the bytes, in this delivery or in an earlier one. */
  readonly isRedacted: boolean;
  /** The id of the message that was delivered. */
  readonly messageId: string;
  /** The id of the message that first carried the event, as far as the attributes say. */
  readonly originMessageId: string;
  readonly subscription: string;
  /** 1 on the first delivery. Undefined when the subscription has no dead-letter policy. */
  readonly deliveryAttempt: number | undefined;
  /** How many times an operator has put the event back on its input topic. */
  readonly redriveCount: number;
  /**
   * The trace that this delivery belongs to, as a `traceparent`. What the event causes is in the same trace.
   */
  readonly traceparent: string;
}
