import type { InputTopic } from '../../shared/topology.ts';

export type MessageKind = 'order' | 'payment' | 'malformed';

export interface Message {
  readonly kind: MessageKind;
  readonly topic: InputTopic;
  readonly data: Uint8Array;
}

/** Messages that are published together, and when. */
export interface Sending {
  /** More than one message go in one publish request, so they have one publish time. */
  readonly messages: readonly [Message, ...Message[]];
  /**
   * What the messages are about. A sending is published only after Pub/Sub has confirmed the one before it
   * about the same subject, so that its publish time is later. Undefined when that does not matter.
   */
  readonly subject: string | undefined;
}

/** A sending and its place in the schedule. */
export interface Slot extends Sending {
  /** Milliseconds after the start of the run. A slot is never due before the slot in front of it. */
  readonly atMs: number;
}

/** The fields have the same names as in the messages. */
export interface PaidOrder {
  readonly order_id: number;
  readonly payment_id: number;
}

/** Columns that the row of an order must show. They have the same names as in the messages; null is unset. */
export interface Shown {
  readonly order_id: number;
  readonly [column: string]: number | string | null;
}

/** The right end state after every message has been settled. */
export interface Expected {
  /** All payments whose order comes. Second payments are included. */
  readonly matched: () => Iterable<PaidOrder>;
  /** All payments whose order never comes. */
  readonly parked: () => Iterable<PaidOrder>;
  /** The ids of the orders without a payment. */
  readonly unpaid: () => Iterable<number>;
  /** The ids of the orders that were paid twice. Orders that never come are included, here and below. */
  readonly conflicts: () => Iterable<number>;
  /** The ids of the orders with a payment whose contents contradict each other. */
  readonly changed: () => Iterable<number>;
  /** The ids of the orders whose newest versions differ and have the same time. */
  readonly rivals: () => Iterable<number>;
  /** What the rows must show, as far as the messages determine it. No order is in it twice. */
  readonly shows: () => Iterable<Shown>;
  /** The SHA-256 of each malformed message's bytes, in hex. */
  readonly invalid: () => Iterable<string>;
}

/** The traffic of a request. Each call generates it again, so it is never in memory as a whole. */
export interface Workload {
  readonly slots: () => Iterable<Slot>;
  readonly expected: Expected;
}

/** The fields of a message. A field that is undefined is missing in it. */
export type Fields = Readonly<Record<string, unknown>>;

export const toBytes = (fields: object): Uint8Array => Buffer.from(JSON.stringify(fields));

export const orderMessage = (fields: object): Message => ({
  kind: 'order',
  topic: 'orders_data',
  data: toBytes(fields),
});

export const paymentMessage = (fields: object): Message => ({
  kind: 'payment',
  topic: 'payments_data',
  data: toBytes(fields),
});
