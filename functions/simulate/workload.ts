import type { InputTopic } from '../../shared/topology.ts';

export type MessageKind = 'order' | 'payment' | 'malformed';

export interface Message {
  readonly kind: MessageKind;
  readonly topic: InputTopic;
  readonly data: Uint8Array;
}

/** A message and its place in the schedule. */
export interface Slot extends Message {
  /** Milliseconds after the start of the run; never less than the slot's before. */
  readonly atMs: number;
}

/** As in the messages themselves, so that the answer reads like them. */
export interface PaidOrder {
  readonly order_id: number;
  readonly payment_id: number;
}

/** The right end state, once every message has been settled. */
export interface Expected {
  /** Every payment whose order comes, second payments included. */
  readonly matched: () => Iterable<PaidOrder>;
  /** Every payment whose order never comes. */
  readonly parked: () => Iterable<PaidOrder>;
  /** Orders without a payment. */
  readonly unpaid: () => Iterable<number>;
  /** Orders, here or not, with more than one payment id. */
  readonly conflicts: () => Iterable<number>;
  /** SHA-256 of the bytes of each malformed message, in hex. */
  readonly invalid: () => Iterable<string>;
}

/** What a request asks for. It is generated anew at every call, always the same, and none of it is ever held as a whole. */
export interface Workload {
  readonly slots: () => Iterable<Slot>;
  readonly expected: Expected;
}

export const toBytes = (message: object): Uint8Array => Buffer.from(JSON.stringify(message));
