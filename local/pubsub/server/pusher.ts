import type { Backlog } from './backlog.ts';
import type { PushBackoff } from './backoff.ts';
import type { Faults } from './faults.ts';
import type { Delivery } from './message.ts';
import { createPushPace } from './pushPace.ts';
import type { Push } from './httpPush.ts';
import type { SubscriptionSettings } from './subscriptionSettings.ts';

/**
 * The lease is a little longer than the ack deadline: the request's timeout is what nacks at the deadline.
 */
const LEASE_GRACE_MS = 1_000;

/** Sends a push subscription's messages to its endpoint. Without an endpoint it takes no message. */
interface Pusher {
  /** Forgets what it has learned about the endpoint. */
  readonly reset: () => void;
  /** When it resolves, no timer and no request is left. */
  readonly stop: () => Promise<void>;
}

interface PusherOptions {
  readonly settings: () => SubscriptionSettings;
  readonly backlog: Backlog;
  readonly push: Push;
  readonly pushBackoff: PushBackoff;
  readonly faults: Faults;
}

export const createPusher = ({ settings, backlog, push, pushBackoff, faults }: PusherOptions): Pusher => {
  const inFlight = new Map<string, { readonly end: AbortController; readonly done: Promise<void> }>();
  const pace = createPushPace(pushBackoff, backlog.wake);

  const deliver = async ({ ackId, message, attempt }: Delivery, signal: AbortSignal): Promise<void> => {
    const paced = pace.begin();
    const { name, pushConfig, ackDeadlineSeconds, deadLetterPolicy } = settings();
    const isAnsweredWell = await push({
      endpoint: pushConfig.pushEndpoint,
      subscription: name,
      message,
      deliveryAttempt: deadLetterPolicy === undefined ? undefined : attempt,
      timeoutMs: ackDeadlineSeconds * 1_000,
      signal,
    });
    inFlight.delete(ackId);
    paced.end();
    // The subscription stops: this answer no longer counts.
    if (signal.aborted) return;
    const key = `${name}/${message.nth}/${attempt}`;
    const isAck = isAnsweredWell && !faults.isAckLost(key);
    paced.learn(isAck);
    const pauseMs = faults.pauseMs(key);
    if (pauseMs > 0) pace.pauseFor(pauseMs);
    if (isAck) backlog.ack(ackId);
    else backlog.nack(ackId);
    backlog.wake();
  };

  const take = (): boolean => {
    const { pushConfig, ackDeadlineSeconds } = settings();
    if (pushConfig.pushEndpoint === '' || !pace.isOpen()) return false;
    const [delivery] = backlog.lease({
      messagesMax: 1,
      bytesMax: 0,
      isFirstExempt: true,
      deadlineMs: ackDeadlineSeconds * 1_000 + LEASE_GRACE_MS,
    });
    if (delivery === undefined) return false;
    const end = new AbortController();
    inFlight.set(delivery.ackId, { end, done: deliver(delivery, end.signal) });
    return true;
  };

  const removeTaker = backlog.addTaker(take);
  return {
    reset: pace.reset,
    stop: async () => {
      removeTaker();
      const pushes = [...inFlight.values()];
      for (const { end } of pushes) end.abort();
      await Promise.all(pushes.map(({ done }) => done));
      pace.reset();
    },
  };
};
