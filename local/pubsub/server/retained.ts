import { createFifo } from './fifo.ts';
import { type PublishedMessage, sizeOf } from './message.ts';
import type { SubscriptionSettings } from './subscriptionSettings.ts';

/**
 * What is kept of all topics together, so that a seek can deliver it again. Beyond either number, the oldest
 * messages are forgotten. Production keeps everything for as long as it was told to.
 */
const RETAINED_MAX = { messages: 50_000, bytes: 32 * 1024 ** 2 };

/** The messages that stay after they are acked, the oldest first. */
interface Retained {
  readonly add: (topic: string, message: PublishedMessage) => void;
  /**
   * The messages that a subscription gets again when it seeks to that time. A topic that retains messages
   * gives all of them. A subscription that retains acked messages has those of its own life.
   */
  readonly since: (
    timeMs: number,
    subscription: { readonly settings: SubscriptionSettings; readonly createdAtMs: number },
  ) => PublishedMessage[];
  /** Forgets the messages of a topic. */
  readonly forget: (topic: string) => void;
}

interface Entry {
  readonly topic: string;
  readonly message: PublishedMessage;
  readonly bytes: number;
}

export const createRetained = (max: typeof RETAINED_MAX = RETAINED_MAX): Retained => {
  const entries = createFifo<Entry>();
  let bytes = 0;

  return {
    add: (topic, message) => {
      const entry = { topic, message, bytes: sizeOf(message) };
      entries.add(entry);
      bytes += entry.bytes;
      while (entries.count() > max.messages || bytes > max.bytes) {
        bytes -= entries.first()?.bytes ?? 0;
        entries.dropFirst();
      }
    },
    since: (timeMs, { settings, createdAtMs }) => {
      const ownSinceMs = settings.retainAckedMessages
        ? Math.max(createdAtMs, Date.now() - settings.retentionSeconds * 1_000)
        : Number.POSITIVE_INFINITY;
      const { topicRetentionSeconds } = settings;
      const topicSinceMs =
        topicRetentionSeconds === undefined
          ? Number.POSITIVE_INFINITY
          : Date.now() - topicRetentionSeconds * 1_000;
      const sinceMs = Math.max(timeMs, Math.min(ownSinceMs, topicSinceMs));
      return entries
        .all()
        .filter((entry) => entry.topic === settings.topic && entry.message.publishedAtMs >= sinceMs)
        .map(({ message }) => message);
    },
    forget: (topic) => {
      for (const removed of entries.removeWhere((entry) => entry.topic === topic)) bytes -= removed.bytes;
    },
  };
};
