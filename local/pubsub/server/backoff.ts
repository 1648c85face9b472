import type { RetryPolicy } from './subscriptionSettings.ts';

/** How long a push subscription pauses after a nack: `minMs` at first, `maxMs` at most. */
export interface PushBackoff {
  readonly minMs: number;
  readonly maxMs: number;
}

/**
 * The pauses of production, which cannot be switched off:
 * https://cloud.google.com/pubsub/docs/push#push_backoff
 */
export const PUSH_BACKOFF: PushBackoff = { minMs: 100, maxMs: 60_000 };

/**
 * How long a message waits after a nack, in milliseconds. The wait doubles with each nack, from the minimum
 * to the maximum, and its last fifth is random. With 100 to 1,000 ms, 2 nacks and `random` 0.5 give 180 ms.
 * @param nacks how many the message has had, this one included.
 * @param random from 0 to 1.
 */
export const retryBackoffMs = (policy: RetryPolicy, nacks: number, random: number): number => {
  const { minimumBackoffMs, maximumBackoffMs } = policy;
  return Math.min(minimumBackoffMs * 2 ** (nacks - 1), maximumBackoffMs) * (0.8 + 0.2 * random);
};

/**
 * The backoff of a push subscription after one more ack or nack, in milliseconds. A nack doubles it, within
 * the minimum and the maximum. An ack halves it; a backoff below the minimum becomes 0. With 100 to 60,000
 * ms, a nack turns 200 into 400, and an ack turns 200 into 100.
 */
export const nextPushBackoffMs = (
  { minMs, maxMs }: PushBackoff,
  currentMs: number,
  isAck: boolean,
): number => {
  if (isAck) return currentMs / 2 < minMs ? 0 : currentMs / 2;
  return Math.min(Math.max(currentMs * 2, minMs), maxMs);
};
