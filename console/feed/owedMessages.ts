import type { PublishedMessage } from '../../local/pubsub/server/message.ts';

/** A message that a subscription has not got rid of yet. */
interface Owed {
  readonly message: PublishedMessage;
  /** Each of them must be acked. */
  copies: number;
  /** It was acked before, and a seek has brought it back. */
  readonly isReplay: boolean;
  /** One of the copies is acked, so all that the message says is durable. */
  isAcked: boolean;
}

/** What one subscription must still deliver. The broker holds these messages as well, and bounds them. */
interface OwedMessages {
  readonly enqueued: (message: PublishedMessage, copies: number, isReplay: boolean) => void;
  /** @returns the message at its first ack, else undefined. */
  readonly acked: (messageId: string) => Owed | undefined;
  readonly forwarded: (messageId: string) => void;
  /** @returns whether no copy is left, and none was acked. */
  readonly dropped: (messageId: string) => boolean;
  /** How many copies are not acked. */
  readonly backlog: () => number;
  readonly oldestMs: () => number | null;
  /** Oldest first, by the time of their publish. */
  readonly all: () => Iterable<Owed>;
}

export const createOwedMessages = (): OwedMessages => {
  let owed = new Map<string, Owed>();
  let backlog = 0;
  let newestMs = 0;
  /** False: a seek has put older messages behind newer ones. */
  let isSorted = true;
  /** Sorts once after a seek, however many messages it has brought back. */
  const sorted = (): ReadonlyMap<string, Owed> => {
    if (!isSorted)
      owed = new Map([...owed].toSorted(([, a], [, b]) => a.message.publishedAtMs - b.message.publishedAtMs));
    isSorted = true;
    return owed;
  };
  const settle = (messageId: string): Owed | undefined => {
    const one = owed.get(messageId);
    if (one === undefined) return undefined;
    one.copies -= 1;
    backlog -= 1;
    if (one.copies === 0) owed.delete(messageId);
    return one;
  };
  return {
    enqueued: (message, copies, isReplay) => {
      backlog += copies;
      isSorted &&= message.publishedAtMs >= newestMs;
      newestMs = Math.max(newestMs, message.publishedAtMs);
      const one = owed.get(message.messageId);
      // A replay delivers what is still on its way once more.
      if (one === undefined) owed.set(message.messageId, { message, copies, isReplay, isAcked: false });
      else one.copies += copies;
    },
    acked: (messageId) => {
      const one = settle(messageId);
      if (one === undefined || one.isAcked) return undefined;
      one.isAcked = true;
      return one;
    },
    forwarded: (messageId) => void settle(messageId),
    dropped: (messageId) => {
      const one = settle(messageId);
      return one !== undefined && one.copies === 0 && !one.isAcked;
    },
    backlog: () => backlog,
    oldestMs: () => sorted().values().next().value?.message.publishedAtMs ?? null,
    all: () => sorted().values(),
  };
};
