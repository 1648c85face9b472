/** What a handler asks of the world. Writes and reads are numbered: equal ones have one number. So many replicas must answer. */
export type Call =
  | { readonly kind: 'write'; readonly write: number; readonly answersNeeded: number }
  | { readonly kind: 'read'; readonly read: number; readonly answersNeeded: number }
  | { readonly kind: 'publish'; readonly message: number };

/** How the world answers a call: a read by the set of writes that its replicas had, as bits. */
export type Result = 'done' | 'failed' | number;

/** Where a handler stands after a history of answers: what it has asked so far, and its own answer once it has one. */
export interface Node {
  readonly message: number;
  readonly calls: readonly Call[];
  /** By call, once it is answered. */
  readonly results: readonly (Result | undefined)[];
  readonly status: number | undefined;
}

/** Handlers, told by the answers they get. Messages, writes and reads are numbered, in the order in which they become known. */
export interface HandlerNodes {
  readonly messages: readonly unknown[];
  readonly writes: readonly unknown[];
  readonly reads: readonly unknown[];
  /** Where the handler of a message stands before any answer. */
  readonly start: (message: number) => number | Promise<number>;
  /** Where a handler stands after one more answer. */
  readonly answer: (node: number, call: number, result: Result) => number | Promise<number>;
  readonly nodeAt: (node: number) => Node;
  /** The answers that lead to a node, in their order. */
  readonly historyOf: (node: number) => readonly (readonly [number, Result])[];
  /** The writes that a read can see at all, as bits. */
  readonly relevantTo: (read: number) => number;
  /** What a read is answered where some writes are, as a text. */
  readonly lookOf: (read: number, bits: number) => string;
}
