import type { DeadLetterKey } from '../domain/deadLetter.ts';
import type { DeadLetterAction } from '../domain/deadLetterAction.ts';
import type { AuditSource, DeadLetterRow } from './auditSource.ts';
import type { DeadLetterPlace } from '../domain/deadLetterPlace.ts';

/**
 * What it takes to count dead letters: their key, and of the other columns those that were asked for. The
 * others are undefined.
 */
export interface DeadLetterHead extends DeadLetterPlace {
  readonly publishedAtMs: number;
  readonly originTopic: string | undefined;
  readonly orderId: bigint | undefined;
  readonly paymentId: bigint | undefined;
  readonly error: string | undefined;
}

/** A column that a head has only where somebody asks for it. */
export type HeadColumn = 'origin_topic' | 'order_id' | 'payment_id' | 'error';

/** A command that changed something, or that is about to. */
export interface Operation {
  readonly operationId: string;
  readonly startedAtMs: number;
  /** The command, such as `dlq redrive`. */
  readonly action: string;
  readonly operator: string;
  /** What it was asked for, as a sentence. */
  readonly filter: string;
  /** The operator's own words; empty when there are none. */
  readonly because: string;
  /** Undefined while it runs, and for ever when it died. */
  readonly endedAtMs: number | undefined;
  /** What came of it, as a sentence; undefined as `endedAtMs` is. */
  readonly result: string | undefined;
}

/** Who does something, in which command, and why. */
export type Mandate = Pick<Operation, 'operationId' | 'operator' | 'because'>;

/**
 * What operators need from a store, beside what the audit needs. Every method throws TransientError when the
 * store does not answer in time. Writes are at LOCAL_QUORUM and may be repeated.
 */
export interface OperationsStore extends AuditSource {
  /**
   * The dead letters of a day, shard by shard, in the order of their keys.
   * @param day `yyyy-mm-dd`, UTC.
   * @param after goes on behind this dead letter of the day, which need not be there.
   */
  readonly scanDay: (day: string, after?: DeadLetterPlace) => AsyncIterable<readonly DeadLetterRow[]>;
  /**
   * The same with fewer columns, and in any order. A day with 100,000 dead letters takes half as long so.
   * @param columns what is wanted beside the key and the publish time.
   */
  readonly scanHeads: (
    day: string,
    columns: readonly HeadColumn[],
  ) => AsyncIterable<readonly DeadLetterHead[]>;
  /** What `scanDeadLetters` reads, in pages: to wait for each of 100,000 rows takes half a second. */
  readonly scanDeadLetterPages: () => AsyncIterable<readonly DeadLetterRow[]>;
  /**
   * Where the dead letters of an order are, page by page, without its `unmatched` ones: their keys follow
   * from its ledger.
   * @param span the days in which it looks, in milliseconds since the epoch.
   */
  readonly scanPlacesOfOrder: (
    orderId: bigint,
    span: { readonly sinceMs: number; readonly untilMs: number },
  ) => AsyncIterable<readonly DeadLetterPlace[]>;
  readonly recordAction: (key: DeadLetterKey, action: DeadLetterAction) => Promise<void>;
  /** Takes the payload of a dead letter away. A copy of it that is recorded later stays without it, too. */
  readonly erasePayload: (place: DeadLetterPlace, erasedAtMs: number) => Promise<void>;
  /** Writes the row of an operation, as often as it changes. */
  readonly recordOperation: (operation: Operation) => Promise<void>;
  /** The operations that were started on a day, oldest first. */
  readonly findOperations: (day: string) => Promise<readonly Operation[]>;
  /** What the clock of the store says, in milliseconds since the epoch. That of an operator may be wrong. */
  readonly clockMs: () => Promise<number>;
}
