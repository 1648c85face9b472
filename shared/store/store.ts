import type { DeadLetter } from '../domain/deadLetter.ts';
import type { LedgerEntry } from '../domain/ledgerEntry.ts';
import type { Order } from '../domain/order.ts';
import type { Payment } from '../domain/payment.ts';

/**
 * The most entries of one order that are read. The finding `too_many` is usually told long before, at 1,000
 * payment entries or versions of one time. Beyond this number the row is not kept up to date any more, so
 * that no order takes an instance down (I7).
 */
export const LEDGER_ENTRIES_MAX = 10_000;
/** The most characters in the texts of these entries. Ten thousand usual entries have half as many. */
export const LEDGER_CHARACTERS_MAX = 2_000_000;

/** The entries of one order, as a read found them. */
export interface LedgerRead {
  readonly entries: readonly LedgerEntry[];
  /** False when there are more than `LEDGER_ENTRIES_MAX`, or more text than `LEDGER_CHARACTERS_MAX`. */
  readonly isWhole: boolean;
}

/** What step 4 of the protocol writes, in one mutation: all of it has the partition key of the order. */
export interface OrderShow {
  readonly orderId: bigint;
  readonly order: { readonly order: Order; readonly writeTime: bigint } | undefined;
  readonly payment: { readonly payment: Payment; readonly writeTime: bigint } | undefined;
  /** Entries that lose a person's data, and the time of the erasure that covers them. */
  readonly blanks: { readonly entries: readonly LedgerEntry[]; readonly erasedAtMs: number } | undefined;
}

/**
 * What the protocol needs from a store. Reads and writes are at LOCAL_QUORUM, and a write resolves only when
 * it is durable there. Every write has a write time that its events give, and may be repeated. All methods
 * throw TransientError when the store does not answer in time.
 */
export interface Store {
  /** Adds an entry to the ledger. An order's own columns of the fact are in the same mutation. */
  readonly recordEntry: (entry: LedgerEntry) => Promise<void>;
  /**
   * Reads the ledger of an order: all payments and decisions, then its versions, newest first, up to the
   * first that is older than the newest.
   * @param isComplete reads the older versions too, however many: an erasure leaves none of them out.
   */
  readonly findEntries: (orderId: bigint, isComplete: boolean) => Promise<LedgerRead>;
  readonly showOrder: (show: OrderShow) => Promise<void>;
  readonly recordDeadLetter: (deadLetter: DeadLetter) => Promise<void>;
  readonly close: () => Promise<void>;
}
