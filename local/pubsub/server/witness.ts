import type { Delivery, PublishedMessage } from './message.ts';

/**
 * Hears of every message of every subscription, and of what becomes of it. A test counts messages with a
 * witness, and compares its count with what the message handlers did. `subscription` is a full name.
 */
export interface Witness {
  /** @param copies 2 when a fault duplicates the message, else 1. Each copy must be acked. */
  readonly enqueued: (subscription: string, message: PublishedMessage, copies: number) => void;
  readonly leased: (subscription: string, delivery: Delivery) => void;
  readonly acked: (subscription: string, delivery: Delivery) => void;
  /**
   * Called for a nack and for an expired deadline.
   * @param holdMs how long the message waits for its next delivery; a push may come later still.
   */
  readonly nacked: (subscription: string, delivery: Delivery, holdMs: number) => void;
  /** The dead-letter topic has taken the message, after its last attempt. */
  readonly forwarded: (subscription: string, message: PublishedMessage) => void;
  /** One copy is forgotten without an ack: by a seek, or because its retention is over. */
  readonly dropped: (subscription: string, message: PublishedMessage) => void;
  /** The topic has no subscription, so nobody gets the message. `topic` is a full name. */
  readonly unclaimed: (topic: string, message: PublishedMessage) => void;
}

/** Ignores everything. */
export const NO_WITNESS: Witness = {
  enqueued: () => {},
  leased: () => {},
  acked: () => {},
  nacked: () => {},
  forwarded: () => {},
  dropped: () => {},
  unclaimed: () => {},
};
