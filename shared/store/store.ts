import type { DeadLetter, DeadLetterKey } from '../domain/deadLetter.ts';
import type { DeadLetterReason, EventStamp } from '../domain/event.ts';
import type { Order } from '../domain/order.ts';
import type { Payment } from '../domain/payment.ts';

/** A payment event in the ledger. */
export interface LedgerEntry extends EventStamp {
  readonly payment: Payment;
  /** A dead letter of this event exists, because `onDlq` parked it. */
  readonly isParked: boolean;
}

/** What `orders_payments_facts` says about an order. */
export interface FactSummary {
  /** An order column is non-null: a row alone is no proof, a payment may have made it. */
  readonly orderExists: boolean;
  readonly paymentId: bigint | undefined;
}

/**
 * What the handlers need of a store. Every write resolves only when it is durable at LOCAL_QUORUM, carries its event's
 * write time, binds no null and may be repeated; every read is at LOCAL_QUORUM. All throw TransientError when the store
 * does not answer in time.
 */
export interface Store {
  /** Writes the order's columns of its fact, and no others (I5). */
  readonly recordOrder: (order: Order, stamp: EventStamp) => Promise<void>;
  /** Every payment event in the ledger of an order. */
  readonly findPayments: (orderId: bigint) => Promise<readonly LedgerEntry[]>;
  readonly findFact: (orderId: bigint) => Promise<FactSummary>;
  /** Shows the payment on its order and keeps it in the ledger: one batch, one partition key. */
  readonly recordPayment: (payment: Payment, stamp: EventStamp) => Promise<void>;
  /** Shows payments of one order, that are in the ledger already, on their order, each with its own write time. */
  readonly attachPayments: (entries: readonly LedgerEntry[]) => Promise<void>;
  /** Keeps an early payment in the ledger, flagged as parked. */
  readonly parkPayment: (payment: Payment, stamp: EventStamp) => Promise<void>;
  readonly recordDeadLetter: (deadLetter: DeadLetter) => Promise<void>;
  /** Notes on the `unmatched` dead letter of a parked payment that its order has come. */
  readonly markMatched: (stamp: EventStamp, matchedAtMs: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A row of `orders_payments_facts` as it stands; a null column is undefined. */
export interface FactRow {
  readonly orderId: bigint;
  readonly order: { readonly [Column in keyof Omit<Order, 'orderId'>]: Order[Column] | undefined };
  readonly payment: { readonly [Column in keyof Omit<Payment, 'orderId'>]: Payment[Column] | undefined };
}

/** A row of `dead_letters` without its payload, which may have megabytes. */
export interface DeadLetterRow extends DeadLetterKey, Omit<DeadLetter, 'recordedAtMs' | 'payload'> {
  readonly recordedAtMs: number | undefined;
  readonly matchedAtMs: number | undefined;
  readonly redrivenAtMs: number | undefined;
  readonly discardedAtMs: number | undefined;
}

/** A row of the ledger; `payment` is undefined when a column of it is missing, which only a fault can cause. */
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

/** What the audit needs: whole tables a page at a time, and single rows again. Memory is bounded by a page. */
export interface AuditSource {
  readonly scanOrders: () => AsyncIterable<OrderRecord>;
  readonly scanDeadLetters: () => AsyncIterable<DeadLetterRow>;
  readonly findOrderRecord: (orderId: bigint) => Promise<OrderRecord>;
  readonly findDeadLetters: (key: DeadLetterKey) => Promise<readonly DeadLetterRow[]>;
  /** The body as it came, card numbers masked; empty when the row has none. */
  readonly findPayload: (key: DeadLetterKey, reason: DeadLetterReason) => Promise<Uint8Array>;
  readonly close: () => Promise<void>;
}
