import { retryBackoffMs } from './backoff.ts';
import type { Holds } from './holds.ts';
import { createLeases, type Leases, type LeaseTerms } from './leases.ts';
import type { Delivery } from './message.ts';
import { isExhausted, type OwedMessage } from './owedMessage.ts';
import type { Queue, TakeLimits } from './queue.ts';
import type { SubscriptionSettings } from './subscriptionSettings.ts';
import type { Witness } from './witness.ts';

interface LeaseRequest extends TakeLimits, LeaseTerms {}

/** Delivers messages from the queue, and brings them back to it when they are nacked. */
export interface Deliveries extends Pick<
  Leases,
  'extend' | 'find' | 'removeWhere' | 'all' | 'count' | 'clear'
> {
  /**
   * Takes ready messages until they are settled. A delivery that nobody settles by its deadline is a nack.
   */
  readonly lease: (request: LeaseRequest) => Delivery[];
  /** False: the ack id is unknown, or its delivery is over. */
  readonly ack: (ackId: string) => boolean;
  /** False: the ack id is unknown, or its delivery is over. */
  readonly nack: (ackId: string) => boolean;
}

interface DeliveriesOptions {
  readonly settings: () => SubscriptionSettings;
  readonly holds: Holds;
  readonly queue: Queue;
  readonly witness: Witness;
  /** Called when a message is acked. */
  readonly onAcked: (owed: OwedMessage) => void;
}

export const createDeliveries = (options: DeliveriesOptions): Deliveries => {
  const { settings, holds, queue, witness, onAcked } = options;

  const nack = (ackId: string): boolean => {
    const ended = leases.end(ackId);
    if (ended === undefined) return false;
    const { owed, delivery } = ended;
    owed.failures += 1;
    const { name, retryPolicy } = settings();
    const isHeld = retryPolicy !== undefined && !isExhausted(owed, settings());
    const holdMs = isHeld ? retryBackoffMs(retryPolicy, owed.failures, Math.random()) : 0;
    witness.nacked(name, delivery, holdMs);
    if (isHeld) holds.hold(owed, holdMs, () => queue.add(owed));
    else queue.add(owed);
    return true;
  };

  const leases = createLeases(nack);

  return {
    extend: leases.extend,
    find: leases.find,
    removeWhere: leases.removeWhere,
    all: leases.all,
    count: leases.count,
    clear: leases.clear,
    lease: (request) =>
      Array.from(queue.take(request), (owed) => {
        const delivery = leases.start(owed, request);
        witness.leased(settings().name, delivery);
        return delivery;
      }),
    ack: (ackId) => {
      const ended = leases.end(ackId);
      if (ended === undefined) return false;
      onAcked(ended.owed);
      witness.acked(settings().name, ended.delivery);
      return true;
    },
    nack,
  };
};
