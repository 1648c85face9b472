import { randomBytes } from 'node:crypto';
import { retryBackoffMs } from './backoff.ts';
import type { Faults } from './faults.ts';
import { type Delivery, type PublishedMessage, sizeOf } from './message.ts';
import type { SubscriptionSettings } from './subscriptionSettings.ts';
import type { Witness } from './witness.ts';

/** A message whose dead-letter topic is missing or full waits this long before it is forwarded again. */
const FORWARD_RETRY_MS = 1_000;
/** A message that a fault lets others overtake waits no longer than this for one. */
const OVERTAKEN_WITHIN_MS = 1_000;

export interface LeaseRequest {
  readonly messagesMax: number;
  readonly bytesMax: number;
  /** Whether the first message is leased whatever its size, for else one that is too large would never be. */
  readonly isFirstExempt: boolean;
  readonly deadlineMs: number;
  /** Called once when a delivery is over: acked, nacked, expired, or the subscription is gone. */
  readonly onEnd?: (delivery: Delivery) => void;
}

/** Takes what it can of the ready messages, a batch at the most; false when it took none. */
export type Taker = () => boolean;

/** What a subscription owes to its subscribers. */
export interface Backlog {
  readonly enqueue: (message: PublishedMessage) => void;
  /** Takes ready messages out until they are acked; at the deadline each counts as a nack. */
  readonly lease: (request: LeaseRequest) => Delivery[];
  /** All three return false for an ack id that is unknown or whose delivery is over. */
  readonly ack: (ackId: string) => boolean;
  readonly nack: (ackId: string) => boolean;
  readonly extend: (ackId: string, deadlineMs: number) => boolean;
  readonly find: (ackId: string) => Delivery | undefined;
  /** Asks the taker whenever messages are ready, in turn with the others. @returns how to take it away again. */
  readonly addTaker: (taker: Taker) => () => void;
  /** Asks the takers again: one of them can take more than before. */
  readonly wake: () => void;
  /** Messages that are not acked yet, and their bytes. */
  readonly owed: () => { readonly messages: number; readonly bytes: number };
  /** Forgets everything; no timer is left. */
  readonly stop: () => void;
}

export interface BacklogOptions {
  readonly settings: () => SubscriptionSettings;
  /** Publishes to the dead-letter topic; false when that topic does not take the message now. */
  readonly forward: (message: PublishedMessage, deliveryAttempts: number) => boolean;
  readonly faults: Faults;
  readonly witness: Witness;
}

interface Owed {
  readonly message: PublishedMessage;
  readonly bytes: number;
  failures: number;
}

interface Lease {
  readonly owed: Owed;
  readonly delivery: Delivery;
  readonly onEnd: ((delivery: Delivery) => void) | undefined;
  timer: NodeJS.Timeout;
}

/** Each message stays until it is acked, dead-lettered or older than the retention; at least one delivery before that. */
export const createBacklog = ({ settings, forward, faults, witness }: BacklogOptions): Backlog => {
  /** First in, first out; a set, because taking the first of a long array would move all others. */
  const ready = new Set<Owed>();
  const leases = new Map<string, Lease>();
  const held = new Map<Owed, NodeJS.Timeout>();
  let overtakable: Owed[] = [];
  const takers: Taker[] = [];
  const ackIdPrefix = randomBytes(8).toString('hex');
  let leaseCount = 0;
  let bytes = 0;
  let isWaking = false;

  const forget = (owed: Owed): void => {
    bytes -= owed.bytes;
  };

  const hold = (owed: Owed, ms: number, then: () => void): void => {
    const timer = setTimeout(() => {
      held.delete(owed);
      then();
    }, ms);
    held.set(owed, timer);
  };

  const isExpired = ({ message }: Owed): boolean =>
    Date.now() - message.publishedAtMs > settings().retentionSeconds * 1_000;

  const dropExpired = (): void => {
    for (const owed of ready) {
      if (!isExpired(owed)) return;
      ready.delete(owed);
      forget(owed);
    }
  };

  const isExhausted = ({ failures }: Owed): boolean => {
    const { deadLetterPolicy } = settings();
    return deadLetterPolicy !== undefined && failures >= deadLetterPolicy.maxDeliveryAttempts;
  };

  /** The one way to the subscribers: past the last attempt it leads to the dead-letter topic instead. */
  const makeReady = (owed: Owed): void => {
    if (isExpired(owed)) {
      forget(owed);
      return;
    }
    if (isExhausted(owed)) {
      // Publish, then ack: a dead letter may come twice, and is never lost.
      if (!forward(owed.message, owed.failures)) {
        hold(owed, FORWARD_RETRY_MS, () => makeReady(owed));
        return;
      }
      forget(owed);
      witness.forwarded(settings().name, owed.message);
      return;
    }
    ready.add(owed);
    wake();
  };

  const end = (ackId: string): Lease | undefined => {
    const lease = leases.get(ackId);
    if (lease === undefined) return undefined;
    leases.delete(ackId);
    clearTimeout(lease.timer);
    lease.onEnd?.(lease.delivery);
    return lease;
  };

  const nack = (ackId: string): boolean => {
    const ended = end(ackId);
    if (ended === undefined) return false;
    const { owed } = ended;
    witness.nacked(settings().name, ended.delivery);
    owed.failures += 1;
    const { retryPolicy } = settings();
    if (retryPolicy === undefined || isExhausted(owed)) makeReady(owed);
    else hold(owed, retryBackoffMs(retryPolicy, owed.failures, Math.random()), () => makeReady(owed));
    return true;
  };

  const expireAfter = (ackId: string, deadlineMs: number): NodeJS.Timeout =>
    setTimeout(() => nack(ackId), deadlineMs);

  const startLease = (owed: Owed, { deadlineMs, onEnd }: LeaseRequest): Delivery => {
    leaseCount += 1;
    const ackId = `${ackIdPrefix}-${leaseCount}`;
    const delivery = { ackId, message: owed.message, bytes: owed.bytes, attempt: owed.failures + 1 };
    leases.set(ackId, { owed, delivery, onEnd, timer: expireAfter(ackId, deadlineMs) });
    witness.leased(settings().name, delivery);
    return delivery;
  };

  const lease = (request: LeaseRequest): Delivery[] => {
    const deliveries: Delivery[] = [];
    let leasedBytes = 0;
    for (const owed of ready) {
      leasedBytes += owed.bytes;
      const isExempt = request.isFirstExempt && deliveries.length === 0;
      const isFull = !isExempt && leasedBytes > request.bytesMax;
      if (isFull || deliveries.length >= request.messagesMax) break;
      ready.delete(owed);
      if (isExpired(owed)) forget(owed);
      // The maximum may have been lowered since it failed.
      else if (isExhausted(owed)) makeReady(owed);
      else deliveries.push(startLease(owed, request));
    }
    return deliveries;
  };

  /** Later in this turn of the event loop, so that a publish of many messages is taken in batches. */
  const wake = (): void => {
    if (isWaking) return;
    isWaking = true;
    queueMicrotask(() => {
      isWaking = false;
      for (let idle = 0; ready.size > 0 && idle < takers.length;) {
        const taker = takers.shift();
        if (taker === undefined) return;
        takers.push(taker);
        idle = taker() ? 0 : idle + 1;
      }
    });
  };

  const add = (message: PublishedMessage, key: string): void => {
    const owed: Owed = { message, bytes: sizeOf(message), failures: 0 };
    bytes += owed.bytes;
    const delayMs = faults.delayMs(key);
    if (delayMs > 0) {
      hold(owed, delayMs, () => makeReady(owed));
    } else if (faults.isReordered(key)) {
      overtakable.push(owed);
      hold(owed, OVERTAKEN_WITHIN_MS, () => {
        overtakable = overtakable.filter((other) => other !== owed);
        makeReady(owed);
      });
    } else {
      makeReady(owed);
      for (const overtaken of overtakable.splice(0)) {
        clearTimeout(held.get(overtaken));
        held.delete(overtaken);
        makeReady(overtaken);
      }
    }
  };

  return {
    enqueue: (message) => {
      const isDuplicated = faults.isDuplicated(message.messageId);
      witness.enqueued(settings().name, message, isDuplicated ? 2 : 1);
      add(message, message.messageId);
      if (isDuplicated) add(message, `${message.messageId}/2`);
    },
    lease,
    ack: (ackId) => {
      const ended = end(ackId);
      if (ended === undefined) return false;
      forget(ended.owed);
      witness.acked(settings().name, ended.delivery);
      return true;
    },
    nack,
    extend: (ackId, deadlineMs) => {
      const current = leases.get(ackId);
      if (current === undefined) return false;
      clearTimeout(current.timer);
      current.timer = expireAfter(ackId, deadlineMs);
      return true;
    },
    find: (ackId) => leases.get(ackId)?.delivery,
    addTaker: (taker) => {
      takers.push(taker);
      wake();
      return () => {
        const index = takers.indexOf(taker);
        if (index !== -1) takers.splice(index, 1);
      };
    },
    wake,
    owed: () => {
      dropExpired();
      return { messages: ready.size + held.size + leases.size, bytes };
    },
    stop: () => {
      takers.length = 0;
      for (const ackId of leases.keys()) end(ackId);
      for (const timer of held.values()) clearTimeout(timer);
      held.clear();
      ready.clear();
    },
  };
};
