import type { InputTopic } from '../topology.ts';

/** What makes an event the same event in every redelivery, forwarded copy and redrive, and when it was first published. */
export interface EventStamp {
  /** 32 hex digits: see `messaging/eventIdOf.ts`. */
  readonly eventId: string;
  /** Milliseconds since the epoch of the first publish, never of a carrier that brought the event again. */
  readonly publishedAtMs: number;
}

/** Why a message was dead-lettered. `unmatched` is a payment that waits for its order; the others are final. */
export type DeadLetterReason = 'unmatched' | 'invalid' | 'conflict';
export const DEAD_LETTER_REASONS: readonly DeadLetterReason[] = ['unmatched', 'invalid', 'conflict'];

/** How a message reached the subscription that pushed it. */
export type Carrier =
  /** Published to an input topic by a producer, or put back there by a redrive. */
  | { readonly kind: 'input' }
  /** Published to a dead-letter topic by Tally, with the reason in its attributes. */
  | { readonly kind: 'dead-lettered'; readonly reason: DeadLetterReason; readonly error: string }
  /** Forwarded by Pub/Sub's own dead-letter policy after too many attempts. */
  | { readonly kind: 'forwarded' }
  /** On a dead-letter topic without anybody's attributes: the reference system publishes such messages. */
  | { readonly kind: 'bare' };

/** One pushed message, parsed once at the edge. */
export interface IncomingEvent extends EventStamp {
  readonly origin: InputTopic;
  readonly carrier: Carrier;
  /** The published bytes, with card numbers masked (I8). */
  readonly data: Uint8Array;
  /** True when masking changed the bytes, now or on an earlier leg. */
  readonly isRedacted: boolean;
  /** The id of this carrier. */
  readonly messageId: string;
  /** The id under which the event was first published, as far as its attributes tell. */
  readonly originMessageId: string;
  readonly subscription: string;
  /** 1 on the first delivery; undefined where the subscription has no dead-letter policy. */
  readonly deliveryAttempt: number | undefined;
  /** How many times an operator has put the event back on its input topic. */
  readonly redriveCount: number;
}
