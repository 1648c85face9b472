import type { Witness } from '../../local/pubsub/server/witness.ts';
import { findSubscription, type InputTopic } from '../../shared/topology.ts';
import { type Accepted, keyOf, read, toAccepted } from './accepted.ts';
import { createStallClock, type Stall } from './stallClock.ts';
import { type Delivery } from '../../local/pubsub/server/message.ts';

/** A SIGSTOP stops the threads of a process one after the other, so a node may answer for this long. */
const STRUCK_WITHIN_MS = 500;

export interface AckWithoutQuorum {
  readonly subscription: string;
  readonly messageId: string;
}

/** What Pub/Sub itself saw. The functions and the simulator have no say in it. */
export interface Books {
  readonly witness: Witness;
  /** Messages on the input topics. Each counts once, also when it was delivered several times. */
  readonly accepted: () => number;
  /** Their events. Messages with equal bytes in one millisecond are one event. */
  readonly events: () => readonly Accepted[];
  /** The number of messages with a copy that is not acked yet. */
  readonly owed: () => number;
  /** The number of such copies. */
  readonly backlog: () => number;
  /** All copies that Pub/Sub ever had to deliver, dead letters included. */
  readonly taken: () => number;
  readonly acked: () => number;
  readonly nacked: () => number;
  /** Messages that Pub/Sub moved to a dead-letter topic, after too many attempts. */
  readonly forwarded: () => number;
  readonly longestStall: () => Stall;
  /** Call it with false when two of three nodes go down, and with true when they come back. */
  readonly setQuorum: (isThere: boolean) => void;
  /**
   * Deliveries that began and were acked while there was no quorum. A malformed message is left out: its ack
   * needs none, because its dead letter is published without Cassandra.
   */
  readonly acksWithoutQuorum: () => readonly AckWithoutQuorum[];
  readonly nacksWithoutQuorum: () => number;
  /** Deliveries that began while there was no quorum. They may have ended later. */
  readonly begunWithoutQuorum: () => number;
}

/** @param now the time in milliseconds; 0 is when the traffic begins. It never goes back. */
export const createBooks = (now: () => number): Books => {
  const events = new Map<string, Accepted>();
  const owed = new Map<string, number>();
  const leasedAtMs = new Map<string, number>();
  const stall = createStallClock(now);
  const acksWithoutQuorum: AckWithoutQuorum[] = [];
  const counts = { accepted: 0, taken: 0, acked: 0, nacked: 0, forwarded: 0 };
  const withoutQuorum = { begun: 0, nacked: 0 };
  let noQuorumSinceMs = Number.POSITIVE_INFINITY;

  const settle = (subscription: string, messageId: string): void => {
    const key = `${subscription}/${messageId}`;
    const left = (owed.get(key) ?? 0) - 1;
    if (left < 0) throw new Error(`${key} was acked more often than it was there`);
    if (left === 0) owed.delete(key);
    else owed.set(key, left);
  };
  /** Whether a delivery began, and ended just now, without a quorum. */
  const endDelivery = ({ ackId }: Delivery): boolean => {
    const beganAtMs = leasedAtMs.get(ackId) ?? 0;
    leasedAtMs.delete(ackId);
    return beganAtMs > noQuorumSinceMs;
  };

  return {
    witness: {
      enqueued: (subscription, message, copies) => {
        stall.waiting();
        counts.taken += copies;
        owed.set(`${subscription}/${message.messageId}`, copies);
        const topic = inputTopicOf(subscription);
        if (topic === undefined) return;
        counts.accepted += 1;
        const accepted = toAccepted(topic, message);
        events.set(keyOf(accepted), accepted);
      },
      leased: (_subscription, { ackId }) => {
        leasedAtMs.set(ackId, now());
        if (now() > noQuorumSinceMs) withoutQuorum.begun += 1;
      },
      acked: (subscription, delivery) => {
        const { message } = delivery;
        settle(subscription, message.messageId);
        counts.acked += 1;
        stall.acked(owed.size > 0);
        if (!endDelivery(delivery)) return;
        const topic = inputTopicOf(subscription);
        if (topic !== undefined && read(toAccepted(topic, message)).kind === 'malformed') return;
        acksWithoutQuorum.push({ subscription, messageId: message.messageId });
      },
      nacked: (_subscription, delivery) => {
        counts.nacked += 1;
        if (endDelivery(delivery)) withoutQuorum.nacked += 1;
      },
      forwarded: (subscription, { messageId }) => {
        settle(subscription, messageId);
        counts.forwarded += 1;
      },
      ...LOSES_NOTHING,
    },
    accepted: () => counts.accepted,
    events: () => [...events.values()],
    owed: () => owed.size,
    backlog: () => counts.taken - counts.acked - counts.forwarded,
    taken: () => counts.taken,
    acked: () => counts.acked,
    nacked: () => counts.nacked,
    forwarded: () => counts.forwarded,
    longestStall: stall.longest,
    setQuorum: (isThere) => {
      noQuorumSinceMs = isThere ? Number.POSITIVE_INFINITY : now() + STRUCK_WITHIN_MS;
    },
    acksWithoutQuorum: () => acksWithoutQuorum,
    nacksWithoutQuorum: () => withoutQuorum.nacked,
    begunWithoutQuorum: () => withoutQuorum.begun,
  };
};

const failOnDrop: Witness['dropped'] = (place, { messageId }) => {
  throw new Error(`${place}/${messageId} was dropped, and nobody asked for that`);
};

const LOSES_NOTHING = { dropped: failOnDrop, unclaimed: failOnDrop };

const inputTopicOf = (subscription: string): InputTopic | undefined => {
  const spec = findSubscription(subscription);
  return spec !== undefined && spec.topic === spec.origin ? spec.origin : undefined;
};
