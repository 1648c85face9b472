import type { Views } from './views.ts';
import type { Call } from './handlerNodes.ts';

/** A call that a handler waits for, and the place where each answer leads. */
export interface Waiting {
  readonly kind: Call['kind'];
  /** Of the write, the read or the message. */
  readonly number: number;
  /** So many replicas; 0 for a publish. */
  readonly answersNeeded: number;
  /** Where a write or a publish that succeeds leads; a read says so by what it saw. */
  readonly done: number;
  readonly failed: number;
  /** The writes that can make a difference to where this read leads, or that are watched, as bits. */
  readonly matters: number;
  /** Where a read leads that saw these writes. */
  readonly afterSeeing: (seen: number) => number;
}

/** Where a handler stands. Histories that no answer will ever tell apart lead to one place. */
export interface Place {
  readonly message: number;
  /** Undefined until it has answered. */
  readonly status: number | undefined;
  /** In the order in which they were asked. */
  readonly waiting: readonly Waiting[];
  /** No answer was given yet. */
  readonly isStart: boolean;
}

/** Every way that the handlers of a small world can go. */
export interface Automaton {
  readonly places: readonly Place[];
  /** By message. */
  readonly starts: readonly number[];
  readonly views: Views;
  /** Whatever a quorum has, every read sees; and what was acknowledged, a quorum has. */
  readonly isSeenOnceKept: boolean;
}
