import { nextPushBackoffMs, retryBackoffMs } from './backoff.ts';
import type { PublishedMessage } from './message.ts';
import { push } from './pushRequest.ts';
import type { SubscriptionSettings } from './subscriptionSettings.ts';

/** Slow start: so many pushes at once at first, twice as many after as many acks, half as many after a nack. */
const WINDOW = { first: 8, min: 1, max: 512 };

/** A message that this subscription still owes to its endpoint. */
interface Owed {
  readonly message: PublishedMessage;
  nacks: number;
}

export interface Subscription {
  readonly settings: SubscriptionSettings;
  readonly pushEndpoint: () => string;
  /** '' stops pushing and keeps the backlog. */
  readonly setPushEndpoint: (endpoint: string) => void;
  readonly enqueue: (message: PublishedMessage) => void;
  /** Messages that are not acked yet. */
  readonly backlog: () => number;
  /** Forgets everything; no timer and no request is left when it resolves. */
  readonly stop: () => Promise<void>;
}

/**
 * A push subscription. Each message is pushed until it is acked, dead-lettered or older than the retention.
 * @param forward publishes to the dead-letter topic; false keeps the message here, for the topic may be missing.
 */
export const createSubscription = (
  settings: SubscriptionSettings,
  forward: (message: PublishedMessage, deliveryAttempts: number) => boolean,
): Subscription => {
  const { name, ackDeadlineSeconds, retentionSeconds, retryPolicy, deadLetterPolicy } = settings;
  /** First in, first out; a set, because taking the first of a long array would move all others. */
  const ready = new Set<Owed>();
  const timers = new Set<NodeJS.Timeout>();
  const inFlight = new Set<Promise<void>>();
  const stopping = new AbortController();
  let waiting = 0;
  let endpoint = '';
  let window = WINDOW.first;
  let pushBackoffMs = 0;
  let isPaused = false;

  const after = (delayMs: number, run: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, delayMs);
    timers.add(timer);
  };

  const deliver = async (owed: Owed): Promise<void> => {
    const isAck = await push({
      endpoint,
      subscription: name,
      message: owed.message,
      deliveryAttempt: deadLetterPolicy === undefined ? undefined : owed.nacks + 1,
      timeoutMs: ackDeadlineSeconds * 1000,
      signal: stopping.signal,
    });
    if (stopping.signal.aborted) return;
    window = isAck ? Math.min(window + 1, WINDOW.max) : Math.max(Math.floor(window / 2), WINDOW.min);
    if (retryPolicy === undefined) slowDown(isAck);
    if (!isAck) nack(owed);
  };

  const nack = (owed: Owed): void => {
    owed.nacks += 1;
    const isLast = deadLetterPolicy !== undefined && owed.nacks >= deadLetterPolicy.maxDeliveryAttempts;
    if (isLast && forward(owed.message, owed.nacks)) return;
    if (retryPolicy === undefined) {
      ready.add(owed);
      return;
    }
    waiting += 1;
    after(retryBackoffMs(retryPolicy, owed.nacks, Math.random()), () => {
      waiting -= 1;
      ready.add(owed);
      pump();
    });
  };

  const slowDown = (isAck: boolean): void => {
    pushBackoffMs = nextPushBackoffMs(pushBackoffMs, isAck);
    if (isPaused || pushBackoffMs === 0) return;
    isPaused = true;
    after(pushBackoffMs, () => {
      isPaused = false;
      pump();
    });
  };

  const pump = (): void => {
    while (endpoint !== '' && !isPaused && !stopping.signal.aborted && inFlight.size < window) {
      const [owed] = ready;
      if (owed === undefined) return;
      ready.delete(owed);
      if (Date.now() - owed.message.publishedAtMs > retentionSeconds * 1000) continue;
      const delivery = deliver(owed).finally(() => {
        inFlight.delete(delivery);
        pump();
      });
      inFlight.add(delivery);
    }
  };

  return {
    settings,
    pushEndpoint: () => endpoint,
    setPushEndpoint: (next) => {
      endpoint = next;
      pump();
    },
    enqueue: (message) => {
      ready.add({ message, nacks: 0 });
      pump();
    },
    backlog: () => ready.size + waiting + inFlight.size,
    stop: async () => {
      stopping.abort();
      for (const timer of timers) clearTimeout(timer);
      ready.clear();
      await Promise.all(inFlight);
    },
  };
};
