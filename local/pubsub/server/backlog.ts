import { createArrivals } from './arrivals.ts';
import { createDeliveries, type Deliveries } from './deliveries.ts';
import type { Faults } from './faults.ts';
import { createHolds } from './holds.ts';
import { type PublishedMessage, sizeOf } from './message.ts';
import type { OwedMessage } from './owedMessage.ts';
import { createQueue } from './queue.ts';
import type { SubscriptionSettings } from './subscriptionSettings.ts';
import { createTakers, type Takers } from './takers.ts';
import type { Witness } from './witness.ts';

/** The messages that a subscription must still deliver. */
export interface Backlog extends Pick<Deliveries, 'lease' | 'ack' | 'nack' | 'extend' | 'find'> {
  readonly enqueue: (message: PublishedMessage) => void;
  readonly addTaker: Takers['add'];
  readonly wake: Takers['wake'];
  /** How many messages are not acked yet, and their bytes. */
  readonly owed: () => { readonly messages: number; readonly bytes: number };
  /** The ids of the messages that are not acked yet. */
  readonly owedIds: () => ReadonlySet<string>;
  /** Forgets the messages that were published before that time, delivered or not. */
  readonly forgetBefore: (timeMs: number) => void;
  /** Forgets everything. No timer is left. */
  readonly stop: () => void;
}

interface BacklogOptions {
  readonly settings: () => SubscriptionSettings;
  /** Publishes to the dead-letter topic. False: that topic does not take the message now. */
  readonly forward: (message: PublishedMessage, deliveryAttempts: number) => boolean;
  readonly faults: Faults;
  readonly witness: Witness;
}

/** A message stays until it is acked, until the dead-letter topic has it, or until its retention is over. */
export const createBacklog = ({ settings, forward, faults, witness }: BacklogOptions): Backlog => {
  let bytes = 0;
  const forget = (owed: OwedMessage): void => {
    bytes -= owed.bytes;
  };
  const drop = (owed: OwedMessage): void => {
    forget(owed);
    witness.dropped(settings().name, owed.message);
  };
  const holds = createHolds();
  const takers = createTakers(() => queue.count() > 0);
  const queue = createQueue({
    settings,
    forward,
    holds,
    onReady: takers.wake,
    onExpired: drop,
    onForwarded: (owed) => {
      forget(owed);
      witness.forwarded(settings().name, owed.message);
    },
  });
  const enqueue = createArrivals({
    faults,
    holds,
    queue,
    onArrival: (message, copies) => {
      bytes += copies * sizeOf(message);
      witness.enqueued(settings().name, message, copies);
    },
  });
  const { lease, ack, nack, extend, find, ...deliveries } = createDeliveries({
    settings,
    holds,
    queue,
    witness,
    onAcked: forget,
  });

  return {
    enqueue,
    lease,
    ack,
    nack,
    extend,
    find,
    addTaker: takers.add,
    wake: takers.wake,
    owed: () => {
      queue.dropExpired();
      return { messages: queue.count() + holds.count() + deliveries.count(), bytes };
    },
    owedIds: () =>
      new Set(
        [queue, holds, deliveries].flatMap((part) => part.all().map(({ message }) => message.messageId)),
      ),
    forgetBefore: (timeMs) => {
      const isBefore = ({ message }: OwedMessage): boolean => message.publishedAtMs < timeMs;
      for (const part of [queue, holds, deliveries])
        for (const owed of part.removeWhere(isBefore)) drop(owed);
    },
    stop: () => {
      takers.clear();
      deliveries.clear();
      holds.clear();
      queue.clear();
    },
  };
};
