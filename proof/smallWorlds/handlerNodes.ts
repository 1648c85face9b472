/**
 * A call of a handler. Writes, reads and messages have numbers, and equal ones have one number.
 * `answersNeeded` is how many replicas must answer.
 */
export type Call =
  | { readonly kind: 'write'; readonly write: number; readonly answersNeeded: number }
  | { readonly kind: 'read'; readonly read: number; readonly answersNeeded: number }
  | { readonly kind: 'publish'; readonly message: number };

/**
 * The answer to a call. A read that succeeds is answered with the set of writes that its replicas had, as
 * bits.
 */
export type Result = 'done' | 'failed' | number;

/**
 * Where a handler stands after a history of answers: its calls so far, and its status once it has answered.
 */
export interface Node {
  readonly message: number;
  readonly calls: readonly Call[];
  /** By call; undefined until the call is answered. */
  readonly results: readonly (Result | undefined)[];
  readonly status: number | undefined;
}

/**
 * Handlers as functions of the answers that they get. Messages, writes and reads have numbers, in the order
 * in which they become known.
 */
export interface HandlerNodes {
  readonly messages: readonly unknown[];
  readonly writes: readonly unknown[];
  readonly reads: readonly unknown[];
  /** The node of a message's handler before any answer. */
  readonly start: (message: number) => number | Promise<number>;
  /** The node after one more answer. */
  readonly answer: (node: number, call: number, result: Result) => number | Promise<number>;
  readonly nodeAt: (node: number) => Node;
  /** The answers that lead to a node, in their order, each with the number of its call. */
  readonly historyOf: (node: number) => readonly (readonly [number, Result])[];
  /** The writes that a read can see, as bits. */
  readonly relevantTo: (read: number) => number;
}
