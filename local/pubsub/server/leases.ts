import { randomBytes } from 'node:crypto';
import type { Delivery } from './message.ts';
import type { OwedMessage } from './owedMessage.ts';

export interface LeaseTerms {
  readonly deadlineMs: number;
  /** Called once when the delivery is over: it is acked, nacked or expired, or the subscription stops. */
  readonly onEnd?: (delivery: Delivery) => void;
}

interface Lease {
  readonly owed: OwedMessage;
  readonly delivery: Delivery;
  readonly onEnd: LeaseTerms['onEnd'];
  timer: NodeJS.Timeout;
}

/** The deliveries that nobody has settled yet, by ack id. */
export interface Leases {
  readonly start: (owed: OwedMessage, terms: LeaseTerms) => Delivery;
  /** Ends a delivery. Undefined: the ack id is unknown, or its delivery is over. */
  readonly end: (ackId: string) => Pick<Lease, 'owed' | 'delivery'> | undefined;
  /** The delivery now lasts so long from now on. False: the ack id is unknown, or its delivery is over. */
  readonly extend: (ackId: string, deadlineMs: number) => boolean;
  readonly find: (ackId: string) => Delivery | undefined;
  /**
   * Ends the deliveries of some messages.
   * @returns those messages.
   */
  readonly removeWhere: (isMeant: (owed: OwedMessage) => boolean) => OwedMessage[];
  /** The messages that they are of. */
  readonly all: () => OwedMessage[];
  readonly count: () => number;
  /** Ends all deliveries. No timer is left. */
  readonly clear: () => void;
}

/** @param onDeadline called when the deadline of a delivery passes. It must end the delivery. */
export const createLeases = (onDeadline: (ackId: string) => void): Leases => {
  const leases = new Map<string, Lease>();
  const ackIdPrefix = randomBytes(8).toString('hex');
  let started = 0;

  const timerOf = (ackId: string, deadlineMs: number): NodeJS.Timeout =>
    setTimeout(() => onDeadline(ackId), deadlineMs);

  const end = (ackId: string): Lease | undefined => {
    const lease = leases.get(ackId);
    if (lease === undefined) return undefined;
    leases.delete(ackId);
    clearTimeout(lease.timer);
    lease.onEnd?.(lease.delivery);
    return lease;
  };

  return {
    start: (owed, { deadlineMs, onEnd }) => {
      started += 1;
      const ackId = `${ackIdPrefix}-${started}`;
      const delivery = { ackId, message: owed.message, bytes: owed.bytes, attempt: owed.failures + 1 };
      leases.set(ackId, { owed, delivery, onEnd, timer: timerOf(ackId, deadlineMs) });
      return delivery;
    },
    end,
    extend: (ackId, deadlineMs) => {
      const lease = leases.get(ackId);
      if (lease === undefined) return false;
      clearTimeout(lease.timer);
      lease.timer = timerOf(ackId, deadlineMs);
      return true;
    },
    find: (ackId) => leases.get(ackId)?.delivery,
    removeWhere: (isMeant) => {
      const meant = [...leases].filter(([, { owed }]) => isMeant(owed));
      for (const [ackId] of meant) end(ackId);
      return meant.map(([, { owed }]) => owed);
    },
    all: () => Array.from(leases.values(), ({ owed }) => owed),
    count: () => leases.size,
    clear: () => {
      for (const ackId of leases.keys()) end(ackId);
    },
  };
};
