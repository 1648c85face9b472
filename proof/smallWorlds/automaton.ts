import type { Call } from './handlerNodes.ts';

/** A call that a handler waits for, and the place to which each answer leads. */
export interface Waiting {
  readonly kind: Call['kind'];
  /** The number of the write, the read or the message. */
  readonly number: number;
  /** How many replicas must answer; 0 for a publish. */
  readonly answersNeeded: number;
  /** The place after a success. It has no meaning for a read; see `afterSeeing`. */
  readonly done: number;
  readonly failed: number;
  /** The writes that can change where this read leads, as bits. */
  readonly matters: number;
  /** The place after a read that saw these writes. */
  readonly afterSeeing: (seen: number) => number;
  /** Every place to which a read can lead. */
  readonly afterRead: ReadonlySet<number>;
}

/** Where a handler stands. Two histories lead to one place when no later answer can tell them apart. */
export interface Place {
  readonly message: number;
  /** Undefined until it has answered. */
  readonly status: number | undefined;
  /** The calls without an answer, in the order in which the handler made them. */
  readonly waiting: readonly Waiting[];
}

/** Every way that the handlers of a small world can take. */
export interface Automaton {
  readonly places: readonly Place[];
  /** The first place of each message's handler. */
  readonly starts: readonly number[];
  /**
   * All calls need a quorum. Then a quorum has every acknowledged write, and every read sees what a quorum
   * has. A planted bug may break this with consistency ONE.
   */
  readonly isSeenOnceKept: boolean;
}
