import type { Backlog } from './backlog.ts';
import { nextPushBackoffMs, type PushBackoff } from './backoff.ts';
import type { Faults } from './faults.ts';
import type { Push } from './pushRequest.ts';
import type { SubscriptionSettings } from './subscriptionSettings.ts';
import { type Delivery } from './message.ts';

/** Slow start: so many pushes at once at first, twice as many after as many acks, half as many after a nack. */
const WINDOW = { first: 8, min: 1, max: 512 };
/** The request's own timeout is what nacks at the ack deadline; the lease outlives it a little. */
const LEASE_GRACE_MS = 1_000;

/** Sends a push subscription's messages to its endpoint; without an endpoint it takes none. */
export interface Pusher {
  /** Forgets what it learned of the endpoint so far. */
  readonly reset: () => void;
  /** No timer and no request is left when it resolves. */
  readonly stop: () => Promise<void>;
}

export interface PusherOptions {
  readonly settings: () => SubscriptionSettings;
  readonly backlog: Backlog;
  readonly push: Push;
  readonly pushBackoff: PushBackoff;
  readonly faults: Faults;
}

/** How fast an endpoint is pushed to, by what it answered so far. */
interface Pace {
  window: number;
  backoffMs: number;
  inFlight: number;
}

const firstPace = (): Pace => ({ window: WINDOW.first, backoffMs: 0, inFlight: 0 });

export const createPusher = ({ settings, backlog, push, pushBackoff, faults }: PusherOptions): Pusher => {
  const inFlight = new Map<string, { readonly end: AbortController; readonly done: Promise<void> }>();
  let pace = firstPace();
  let pause: NodeJS.Timeout | undefined;

  const pauseFor = (ms: number): void => {
    pause ??= setTimeout(() => {
      pause = undefined;
      backlog.wake();
    }, ms);
  };

  /** One pause for all nacks that come while it lasts, for they were sent before it began. */
  const learn = (isAck: boolean): void => {
    const { window } = pace;
    pace.window = isAck ? Math.min(window + 1, WINDOW.max) : Math.max(Math.floor(window / 2), WINDOW.min);
    if (!isAck && pause !== undefined) return;
    pace.backoffMs = nextPushBackoffMs(pushBackoff, pace.backoffMs, isAck);
    if (!isAck) pauseFor(pace.backoffMs);
  };

  const deliver = async ({ ackId, message, attempt }: Delivery, signal: AbortSignal): Promise<void> => {
    const paceThen = pace;
    paceThen.inFlight += 1;
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
    paceThen.inFlight -= 1;
    // The subscription is going: what it sent last counts for nothing.
    if (signal.aborted) return;
    const key = `${name}/${message.messageId}/${attempt}`;
    const isAck = isAnsweredWell && !faults.isAckLost(key);
    // What an endpoint of before answers says nothing about this one.
    if (paceThen === pace) learn(isAck);
    const pauseMs = faults.pauseMs(key);
    if (pauseMs > 0) pauseFor(pauseMs);
    if (isAck) backlog.ack(ackId);
    else backlog.nack(ackId);
    backlog.wake();
  };

  const take = (): boolean => {
    const { pushConfig, ackDeadlineSeconds } = settings();
    if (pushConfig.pushEndpoint === '' || pause !== undefined || pace.inFlight >= pace.window) return false;
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
    reset: () => {
      clearTimeout(pause);
      pause = undefined;
      pace = firstPace();
    },
    stop: async () => {
      removeTaker();
      const pushes = [...inFlight.values()];
      for (const { end } of pushes) end.abort();
      await Promise.all(pushes.map(({ done }) => done));
      clearTimeout(pause);
    },
  };
};
