import type { PublishedMessage } from '../../local/pubsub/server/message.ts';
import type { SubscriptionSpec } from '../../shared/topology.ts';

/** Beyond either number none is kept, and the sum of the messages says so. */
const DROPPED_MAX = { messages: 10_000, bytes: 32 * 1024 ** 2 };

interface Dropped {
  readonly message: PublishedMessage;
  readonly spec: SubscriptionSpec;
}

/** What Pub/Sub forgot without an ack. Each may be in the tables, because an ack can get lost, or not. */
interface DroppedMessages {
  readonly add: (message: PublishedMessage, spec: SubscriptionSpec) => void;
  /** How many there were since the start. */
  readonly count: () => number;
  /** All of them; undefined when there were too many to keep. */
  readonly all: () => readonly Dropped[] | undefined;
}

export const createDroppedMessages = (): DroppedMessages => {
  let kept: Dropped[] | undefined = [];
  let bytes = 0;
  let count = 0;
  return {
    add: (message, spec) => {
      count += 1;
      bytes += message.data.byteLength;
      kept?.push({ message, spec });
      if (count > DROPPED_MAX.messages || bytes > DROPPED_MAX.bytes) kept = undefined;
    },
    count: () => count,
    all: () => kept && [...kept],
  };
};
