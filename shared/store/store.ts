import type { DeadLetter, DeadLetterKey } from '../domain/deadLetter.ts';
import type { DeadLetterReason, EventStamp } from '../domain/event.ts';
import type { Order } from '../domain/order.ts';
import type { Payment } from '../domain/payment.ts';

/** A payment event in the ledger of its order. */
export interface LedgerEntry extends EventStamp {
  readonly payment: Payment;
  /** `onDlq` parked this event, so it also has a dead letter. */
  readonly isParked: boolean;
}

/** What `orders_payments_facts` says about an order. */
export interface FactSummary {
  /**
   * True when an order column is not null. A row does not prove it, because a payment may have made the row.
   */
  readonly orderExists: boolean;
  /** The payment that the order shows; undefined when it shows none. */
  readonly paymentId: bigint | undefined;
}

/**
 * What the handlers need from a store. Reads and writes are at LOCAL_QUORUM, and a write resolves only when
 * it is durable there. Each write carries its event's write time, binds no null, and may be repeated. All
 * methods throw TransientError when the store does not answer in time.
 */
export interface Store {
  /** Writes the order columns of the order's fact, and no others (I5). */
  readonly recordOrder: (order: Order, stamp: EventStamp) => Promise<void>;
  /** Returns all payment events in the ledger of an order. */
  readonly findPayments: (orderId: bigint) => Promise<readonly LedgerEntry[]>;
  readonly findFact: (orderId: bigint) => Promise<FactSummary>;
  /** Shows the payment on its order and keeps it in the ledger, in one batch with one partition key. */
  readonly recordPayment: (payment: Payment, stamp: EventStamp) => Promise<void>;
  /** Shows payments of one order that are in its ledger already. Each has the write time of its event. */
  readonly attachPayments: (entries: readonly LedgerEntry[]) => Promise<void>;
  /** Keeps an early payment in the ledger and marks it there as parked. */
  readonly parkPayment: (payment: Payment, stamp: EventStamp) => Promise<void>;
  readonly recordDeadLetter: (deadLetter: DeadLetter) => Promise<void>;
  /** Marks the `unmatched` dead letter of a parked payment: its order has arrived. */
  readonly markMatched: (stamp: EventStamp, matchedAtMs: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A row of `orders_payments_facts`. A null column is undefined. */
export interface FactRow {
  readonly orderId: bigint;
  readonly order: { readonly [Column in keyof Omit<Order, 'orderId'>]: Order[Column] | undefined };
  readonly payment: { readonly [Column in keyof Omit<Payment, 'orderId'>]: Payment[Column] | undefined };
}

/** A row of `dead_letters` without its payload, which may have megabytes. A null time is undefined. */
export interface DeadLetterRow extends DeadLetterKey, Omit<DeadLetter, 'recordedAtMs' | 'payload'> {
  readonly recordedAtMs: number | undefined;
  readonly matchedAtMs: number | undefined;
  readonly redrivenAtMs: number | undefined;
  readonly discardedAtMs: number | undefined;
}

/**
 * A row of the ledger. `payment` is undefined when a column of it is missing, which only a fault can cause.
 */
export interface LedgerRow extends Omit<LedgerEntry, 'payment'> {
  readonly orderId: bigint;
  readonly paymentId: bigint;
  readonly payment: Payment | undefined;
}

/** Everything that is known about one order. */
export interface OrderRecord {
  readonly orderId: bigint;
  readonly fact: FactRow | undefined;
  readonly ledger: readonly LedgerRow[];
}

/**
 * What the audit needs from a store: whole tables, page by page, and single rows. A page bounds the memory.
 */
export interface AuditSource {
  readonly scanOrders: () => AsyncIterable<OrderRecord>;
  readonly scanDeadLetters: () => AsyncIterable<DeadLetterRow>;
  readonly findOrderRecord: (orderId: bigint) => Promise<OrderRecord>;
  readonly findDeadLetters: (key: DeadLetterKey) => Promise<readonly DeadLetterRow[]>;
  /** Returns the body as it came, with card numbers masked. It is empty when the row has none. */
  readonly findPayload: (key: DeadLetterKey, reason: DeadLetterReason) => Promise<Uint8Array>;
  readonly close: () => Promise<void>;
}
