import { createFifo } from './fifo.ts';
import type { Holds } from './holds.ts';
import type { PublishedMessage } from './message.ts';
import { isExhausted, isExpired, type OwedMessage } from './owedMessage.ts';
import type { SubscriptionSettings } from './subscriptionSettings.ts';

/** After this time a message that its dead-letter topic did not take is forwarded again. */
const FORWARD_RETRY_MS = 1_000;

export interface TakeLimits {
  readonly messagesMax: number;
  readonly bytesMax: number;
  /**
   * Whether the first message may be larger than `bytesMax`. Without this a very large one would stay for
   * ever.
   */
  readonly isFirstExempt: boolean;
}

/** The messages that subscribers can take now: first in, first out. */
export interface Queue {
  /**
   * Adds a message at the end. A message that is older than the retention is dropped instead. A message that
   * has had its last attempt goes to the dead-letter topic instead.
   */
  readonly add: (owed: OwedMessage) => void;
  /** Takes messages out, one each time that the caller asks for the next. */
  readonly take: (limits: TakeLimits) => Iterable<OwedMessage>;
  /** Drops the messages at the front that are older than the retention. */
  readonly dropExpired: () => void;
  /** @returns the messages that it has taken out. */
  readonly removeWhere: (isMeant: (owed: OwedMessage) => boolean) => OwedMessage[];
  readonly all: () => OwedMessage[];
  readonly count: () => number;
  readonly clear: () => void;
}

interface QueueOptions {
  readonly settings: () => SubscriptionSettings;
  /** Publishes to the dead-letter topic. False: that topic does not take the message now. */
  readonly forward: (message: PublishedMessage, deliveryAttempts: number) => boolean;
  readonly holds: Holds;
  /** Called when a message has been added. */
  readonly onReady: () => void;
  /** Called when a message is older than the retention and was dropped. */
  readonly onExpired: (owed: OwedMessage) => void;
  /** Called when the dead-letter topic has taken a message. */
  readonly onForwarded: (owed: OwedMessage) => void;
}

export const createQueue = (options: QueueOptions): Queue => {
  const { settings, forward, holds, onReady, onExpired, onForwarded } = options;
  const ready = createFifo<OwedMessage>();

  const add = (owed: OwedMessage): void => {
    if (isExpired(owed, settings())) {
      onExpired(owed);
    } else if (isExhausted(owed, settings())) {
      // First the publish, then the end of the message here: a dead letter may come twice, but is never lost.
      if (forward(owed.message, owed.failures)) onForwarded(owed);
      else holds.hold(owed, FORWARD_RETRY_MS, () => add(owed));
    } else {
      ready.add(owed);
      onReady();
    }
  };

  return {
    add,
    *take({ messagesMax, bytesMax, isFirstExempt }) {
      let taken = 0;
      let bytes = 0;
      for (let owed = ready.first(); owed !== undefined; owed = ready.first()) {
        bytes += owed.bytes;
        const isTooLarge = bytes > bytesMax && !(isFirstExempt && taken === 0);
        if (isTooLarge || taken >= messagesMax) return;
        ready.dropFirst();
        if (isExpired(owed, settings())) {
          onExpired(owed);
        } else if (isExhausted(owed, settings())) {
          // An update lowered the maximum of attempts while the message was in the queue.
          add(owed);
        } else {
          taken += 1;
          yield owed;
        }
      }
    },
    dropExpired: () => {
      for (let owed = ready.first(); owed !== undefined; owed = ready.first()) {
        if (!isExpired(owed, settings())) return;
        ready.dropFirst();
        onExpired(owed);
      }
    },
    removeWhere: ready.removeWhere,
    all: ready.all,
    count: ready.count,
    clear: ready.clear,
  };
};
