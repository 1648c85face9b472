import type { Node, Result } from './scripted.ts';

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
