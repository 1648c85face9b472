import type { InputTopic } from '../../shared/topology.ts';

export type MessageKind = 'order' | 'payment' | 'malformed';

export interface Message {
  readonly kind: MessageKind;
  readonly topic: InputTopic;
  readonly data: Uint8Array;
}

/** A message and its place in the schedule. */
export interface Slot extends Message {
  /** Milliseconds after the start of the run. A slot is never due before the slot in front of it. */
  readonly atMs: number;
}

/** The fields have the same names as in the messages. */
export interface PaidOrder {
  readonly order_id: number;
  readonly payment_id: number;
}

/** The right end state after every message has been settled. */
export interface Expected {
  /** All payments whose order comes. Second payments are included. */
  readonly matched: () => Iterable<PaidOrder>;
  /** All payments whose order never comes. */
  readonly parked: () => Iterable<PaidOrder>;
  /** The ids of the orders without a payment. */
  readonly unpaid: () => Iterable<number>;
  /** The ids of the orders with more than one payment id. Orders that never come are included. */
  readonly conflicts: () => Iterable<number>;
  /** The SHA-256 of each malformed message's bytes, in hex. */
  readonly invalid: () => Iterable<string>;
}

/** The traffic of a request. Each call generates it again, so it is never in memory as a whole. */
export interface Workload {
  readonly slots: () => Iterable<Slot>;
  readonly expected: Expected;
}

export const toBytes = (message: object): Uint8Array => Buffer.from(JSON.stringify(message));
