import type { RetryPolicy } from './subscriptionSettings.ts';

/** How long a whole push subscription pauses after a nack, at first and at most. */
export interface PushBackoff {
  readonly minMs: number;
  readonly maxMs: number;
}

/** Production's, which cannot be switched off: https://cloud.google.com/pubsub/docs/push#push_backoff */
export const PUSH_BACKOFF: PushBackoff = { minMs: 100, maxMs: 60_000 };

/**
 * How long a message waits after its n-th nack: exponential from the minimum to the maximum, the last fifth of it random.
 * @param random from 0 to 1.
 */
export const retryBackoffMs = (policy: RetryPolicy, nacks: number, random: number): number => {
  const { minimumBackoffMs, maximumBackoffMs } = policy;
  return Math.min(minimumBackoffMs * 2 ** (nacks - 1), maximumBackoffMs) * (0.8 + 0.2 * random);
};

/** The pause that a push subscription makes at its next nack, after it had one more ack or nack. 0: it had no nack lately. */
export const nextPushBackoffMs = (
  { minMs, maxMs }: PushBackoff,
  currentMs: number,
  isAck: boolean,
): number => {
  if (isAck) return currentMs / 2 < minMs ? 0 : currentMs / 2;
  return Math.min(Math.max(currentMs * 2, minMs), maxMs);
};
