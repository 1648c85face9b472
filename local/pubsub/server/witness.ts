import type { PublishedMessage } from './message.ts';
import { type Delivery } from './message.ts';

/**
 * Sees what every subscription takes on and what becomes of it, for somebody who keeps count apart from those who handle
 * the messages. `subscription` is its full name.
 */
export interface Witness {
  /** @param copies more than one where a fault duplicates it; each has to be acked. */
  readonly enqueued: (subscription: string, message: PublishedMessage, copies: number) => void;
  readonly leased: (subscription: string, delivery: Delivery) => void;
  readonly acked: (subscription: string, delivery: Delivery) => void;
  /** Expired deadlines are nacks. */
  readonly nacked: (subscription: string, delivery: Delivery) => void;
  /** To the dead-letter topic, after the last attempt. */
  readonly forwarded: (subscription: string, message: PublishedMessage) => void;
}

export const NO_WITNESS: Witness = {
  enqueued: () => {},
  leased: () => {},
  acked: () => {},
  nacked: () => {},
  forwarded: () => {},
};
