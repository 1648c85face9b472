import type { EventStamp } from './event.ts';
import type { Order } from './order.ts';
import type { Payment } from './payment.ts';

/** What every entry of the ledger has. */
interface Entry extends EventStamp {
  readonly orderId: bigint;
  /** What orders the entries of one order, in milliseconds since the epoch: see `eventTimeOf`. */
  readonly atMs: number;
}

interface MessageEntry extends Entry {
  /** The producer's own time as it was sent, believed or not. */
  readonly occurredAtMs: number | undefined;
  /** Card numbers in the message were masked. */
  readonly isRedacted: boolean;
  /** The time of the erasure that has blanked it. A read may see the blank and not the erasure. */
  readonly erasedAtMs?: number | undefined;
}

export interface OrderEntry extends MessageEntry {
  readonly kind: 'order';
  readonly order: Order;
}

export interface PaymentEntry extends MessageEntry {
  readonly kind: 'payment';
  readonly payment: Payment;
}

/**
 * What an operator decided. `erased`: a person's data in all entries up to this one's publish time is taken
 * away. `resolved`: a finding has been dealt with. `discarded`: a dead letter needs nobody any more.
 */
export const DECISIONS = ['erased', 'resolved', 'discarded'] as const;
type Decision = (typeof DECISIONS)[number];

export interface DecisionEntry extends Entry {
  readonly kind: 'decision';
  readonly decision: Decision;
  /**
   * The id of the dead letter that it is about, and behind a blank the state of a finding that is resolved;
   * empty for an erasure.
   */
  readonly ref: string;
  /** The operator's own words. */
  readonly because: string;
  /** Who decided. */
  readonly decidedBy: string;
}

/** A row of the ledger: an event that was accepted for an order. */
export type LedgerEntry = OrderEntry | PaymentEntry | DecisionEntry;

/** The producer sent a time, and it is not the one that counts: see `eventTimeOf`. */
export const isClockRefused = (entry: LedgerEntry): boolean =>
  entry.kind !== 'decision' && entry.occurredAtMs !== undefined && entry.occurredAtMs !== entry.atMs;
