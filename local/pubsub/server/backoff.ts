import type { RetryPolicy } from './subscriptionSettings.ts';

/** The push backoff of a whole subscription: https://cloud.google.com/pubsub/docs/push#push_backoff */
const PUSH_BACKOFF_MS = { min: 100, max: 60_000 };

/**
 * How long a message waits after its n-th nack: exponential from the minimum to the maximum, the last fifth of it random.
 * @param random from 0 to 1.
 */
export const retryBackoffMs = (policy: RetryPolicy, nacks: number, random: number): number => {
  const { minimumBackoffMs, maximumBackoffMs } = policy;
  return Math.min(minimumBackoffMs * 2 ** (nacks - 1), maximumBackoffMs) * (0.8 + 0.2 * random);
};

/** The next pause of a subscription after a nack, and after an ack. */
export const nextPushBackoffMs = (currentMs: number, isAck: boolean): number => {
  if (isAck) return currentMs / 2 < PUSH_BACKOFF_MS.min ? 0 : currentMs / 2;
  return Math.min(Math.max(currentMs * 2, PUSH_BACKOFF_MS.min), PUSH_BACKOFF_MS.max);
};
