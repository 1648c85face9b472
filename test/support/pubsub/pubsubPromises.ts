/** What became of one message in one subscription, when all work is done. */
interface MessageFate {
  /** The attempt number of each delivery, in the order of the deliveries. */
  readonly attempts: readonly number[];
  readonly isAcked: boolean;
  /** Whether the dead-letter topic has a copy with its bytes and attributes. */
  readonly isDeadLettered: boolean;
}

interface PubSubPromise {
  readonly sentence: string;
  readonly isKept: (fate: MessageFate, attemptsMax: number) => boolean;
}

/**
 * The promises of Pub/Sub on which Tally relies, and no others:
 * https://cloud.google.com/pubsub/docs/subscription-overview
 * https://cloud.google.com/pubsub/docs/handling-failures
 * Tests hold the local Pub/Sub and the model of the simulation to them.
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

/** The promises that are broken, as sentences. */
export const brokenPromises = (fate: MessageFate, attemptsMax: number): readonly string[] =>
  PROMISES.filter(({ isKept }) => !isKept(fate, attemptsMax)).map(({ sentence }) => sentence);
