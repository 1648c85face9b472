import type { DeadLetter, DeadLetterKey, DeadLetterReason } from '../domain/deadLetter.ts';
import type { DeadLetterAction } from '../domain/deadLetterAction.ts';
import type { DeadLetterPlace } from '../domain/deadLetterPlace.ts';
import type { LedgerEntry } from '../domain/ledgerEntry.ts';
import type { Order } from '../domain/order.ts';
import type { Payment } from '../domain/payment.ts';

/** A row of `orders_payments_facts`. A null column is undefined. */
export interface FactRow {
  readonly orderId: bigint;
  readonly order: { readonly [Column in keyof Omit<Order, 'orderId'>]: Order[Column] | undefined };
  readonly payment: { readonly [Column in keyof Omit<Payment, 'orderId'>]: Payment[Column] | undefined };
}

/** A row of `dead_letters` without its payload, which may have a megabyte. A null time is undefined. */
export interface DeadLetterRow
  extends DeadLetterKey, Omit<DeadLetter, 'sinceMs' | 'recordedAtMs' | 'payload'> {
  readonly recordedAtMs: number | undefined;
}

/** A row of the ledger. `entry` is undefined when a column of it is missing, which only a fault can cause. */
export interface LedgerRow {
  readonly orderId: bigint;
  readonly eventId: string;
  readonly kind: string;
  readonly atMs: number;
  readonly publishedAtMs: number;
  readonly erasedAtMs: number | undefined;
  readonly entry: LedgerEntry | undefined;
}

/** Everything that is known about one order. */
export interface OrderRecord {
  readonly orderId: bigint;
  readonly fact: FactRow | undefined;
  /** When the payment columns were last written, in microseconds; undefined when there are none. */
  readonly paymentWriteTime: bigint | undefined;
  /**
   * The first rows of the ledger, in its order: payments and decisions, then versions, newest first. There is
   * at most one more than `LEDGER_ENTRIES_MAX`, which says that there may be still more. So no order takes
   * the memory.
   */
  readonly ledger: readonly LedgerRow[];
}

/**
 * Where a walk over all tables stands: behind this row. It goes over the orders, then over the dead letters.
 */
export type ScanPlace =
  | { readonly table: 'orders'; readonly after: bigint | undefined }
  | { readonly table: 'dead_letters'; readonly after: DeadLetterPlace | undefined };

/** Hears how many parts of a table have been read, and of how many. The parts are about as large. */
type OnPart = (done: number, of: number) => void;

/** What a look of the audit is about. A later look finds it again by this. */
export type AuditSubject =
  | { readonly table: 'orders'; readonly orderId: bigint }
  | { readonly table: 'dead_letters'; readonly deadLetter: DeadLetterPlace };

/**
 * What the audit needs from a store: whole tables, page by page, and single rows. A page and one order bound
 * the memory.
 */
export interface AuditSource {
  /**
   * @param after goes on behind this order, which need not be there; from the beginning when left out.
   * @param onPart called before each part of the table, where the store reads it in parts.
   */
  readonly scanOrders: (after?: bigint, onPart?: OnPart) => AsyncIterable<OrderRecord>;
  /**
   * @param after goes on behind this dead letter, inside its partition too; from the beginning when left out.
   */
  readonly scanDeadLetters: (after?: DeadLetterPlace, onPart?: OnPart) => AsyncIterable<DeadLetterRow>;
  readonly findOrderRecord: (orderId: bigint) => Promise<OrderRecord>;
  /** The ledger of the record alone, which is one read and not two. */
  readonly findLedger: (orderId: bigint) => Promise<OrderRecord['ledger']>;
  readonly findDeadLetters: (key: DeadLetterKey) => Promise<readonly DeadLetterRow[]>;
  /** Returns the body as it came, with card numbers masked. It is empty when the row has none. */
  readonly findPayload: (key: DeadLetterKey, reason: DeadLetterReason) => Promise<Uint8Array>;
  /** What operators did with the dead letters of a key, oldest first. */
  readonly findActions: (key: DeadLetterKey) => Promise<readonly DeadLetterAction[]>;
  /** Whether a dead letter that stands since so many milliseconds after the epoch may have expired. */
  readonly mayHaveExpired: (sinceMs: number) => Promise<boolean>;
  readonly close: () => Promise<void>;
}
