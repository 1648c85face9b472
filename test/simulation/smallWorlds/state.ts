import { QUERY_OPTIONS } from '../../../shared/store/cassandraClient.ts';
import { blockFor } from '../cassandra/cluster.ts';

export const REPLICAS = 3;
/** As bits. */
export const ALL_REPLICAS = 0b111;
/** So many replicas, and any so many others, have one in common. */
export const QUORUM = 2;
/** How many must answer, at the consistency of every statement. */
export const ANSWERS_NEEDED = blockFor(QUERY_OPTIONS.consistency);

/** A call that is under way; `asker` is a place in `handlers`, or -1 where nobody waits for it any more. */
export interface Operation {
  readonly asker: number;
  readonly call: number;
  /** A write's or a read's number. */
  readonly number: number;
  readonly isWrite: boolean;
  /** The replicas that it has not reached, as bits. */
  readonly pending: number;
  /** What a read has seen, as bits of writes. */
  readonly seen: number;
}

export interface Running {
  /** A place in `messages`. */
  readonly message: number;
  readonly node: number;
}

export interface Queued {
  readonly number: number;
  /** 0 waits, 1 is being handled, 2 is acked. */
  readonly status: 0 | 1 | 2;
}

/** A small world at one moment. */
export interface State {
  /** What each replica has, as bits of writes. */
  readonly replicas: readonly number[];
  readonly operations: readonly Operation[];
  readonly handlers: readonly (Running | undefined)[];
  readonly messages: readonly Queued[];
  /** The writes that no handler ever reads and that a quorum has, as bits: which quorum changes nothing. */
  readonly unread: number;
  readonly faultsLeft: number;
  /** The last step made a handler give its message back; it is no part of what a state is. */
  readonly isGivenBack: boolean;
}

/** How many of the replicas are set. */
export const bitsIn = (bits: number): number => (bits & 1) + ((bits >> 1) & 1) + ((bits >> 2) & 1);

/** What every two replicas have together. */
export const pairsOf = ([a = 0, b = 0, c = 0]: readonly number[]): readonly number[] => [a | b, a | c, b | c];

/**
 * The same text for states that differ only in which replica, or which handler, is called the first. (Two such states may
 * still have two texts: then both are visited.)
 */
export const keyOf = ({ replicas, operations, handlers, messages, unread, faultsLeft }: State): string => {
  const places: { readonly text: string; readonly pending: number }[] = [];
  for (const { asker, call, number, pending, seen } of operations) {
    const handler = handlers[asker];
    // A late write says nothing but what it still has to reach.
    if (handler === undefined) places.push({ text: `w${number}`, pending });
    else places.push({ text: `${nameOf(handler, messages)}.${call}.${seen}`, pending });
  }
  places.sort(byText);
  const columns = replicas.map((bits, replica) => {
    let column = `${bits}`;
    for (const { pending } of places) column += (pending >> replica) & 1;
    return column;
  });
  columns.sort();
  const running: string[] = [];
  for (const handler of handlers) if (handler !== undefined) running.push(nameOf(handler, messages));
  running.sort();
  const queue = messages.map(({ number, status }) => `${number}:${status}`);
  queue.sort();
  const names = places.map(({ text }) => text);
  return `${faultsLeft}|${unread}|${queue.join()}|${running.join()}|${names.join()}|${columns.join()}`;
};

const nameOf = ({ message, node }: Running, messages: readonly Queued[]): string =>
  `${messages[message]?.number}:${messages[message]?.status}@${node}`;

const byText = (a: { readonly text: string }, b: { readonly text: string }): number =>
  a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
