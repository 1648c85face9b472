/** What became of one message in one subscription, once everything has come to rest. */
export interface MessageFate {
  /** The attempt that each delivery said it was, in the order of the deliveries. */
  readonly attempts: readonly number[];
  readonly isAcked: boolean;
  /** A copy of it, with its bytes and attributes, is on the dead-letter topic. */
  readonly isDeadLettered: boolean;
}

interface PubSubPromise {
  readonly sentence: string;
  readonly isKept: (fate: MessageFate, attemptsMax: number) => boolean;
}

/**
 * What Tally relies on in Pub/Sub, and nothing more: https://cloud.google.com/pubsub/docs/subscription-overview and
 * /docs/handling-failures. The local Pub/Sub and the simulation's model are both held against it.
 */
const PROMISES: readonly PubSubPromise[] = [
  {
    sentence: 'a message is delivered until it is acked or dead-lettered',
    isKept: ({ isAcked, isDeadLettered }) => isAcked || isDeadLettered,
  },
  {
    sentence: 'deliveries are counted from 1, one by one',
    isKept: ({ attempts }) => attempts.every((attempt, nth) => attempt === nth + 1),
  },
  {
    sentence: 'a message is dead-lettered only after its last attempt',
    isKept: ({ attempts, isDeadLettered }, attemptsMax) => !isDeadLettered || attempts.length >= attemptsMax,
  },
];

/** The promises that a fate breaks, in sentences. */
export const brokenPromises = (fate: MessageFate, attemptsMax: number): readonly string[] =>
  PROMISES.filter(({ isKept }) => !isKept(fate, attemptsMax)).map(({ sentence }) => sentence);
