import type { Path } from './path.ts';

export const REPLICAS = 3;
/** As bits. */
export const ALL_REPLICAS = 0b111;
/** So many replicas, and any so many others, have one in common. */
export const QUORUM = 2;

/** A handler that runs. */
export interface Running {
  /** The message that it handles: two deliveries of one message share it. */
  entry: number;
  /** Another delivery of the same message was acked. */
  isAcked: boolean;
  /** Where it stands, in the automaton. */
  place: number;
  /** By call that it waits for: the replicas that the call has not reached, as bits. */
  pending: number[];
  /** By call: what a read has seen so far, as bits of writes. */
  seen: number[];
  /** It must report a conflict before it acks. */
  owes: boolean;
}

/** A write that nobody waits for any more: it may arrive yet, or never. */
interface Late {
  readonly write: number;
  pending: number;
}

/** A small world at one moment. It is changed in place; see `copyOf`. */
export interface State {
  /** What each replica has, as bits of writes. */
  has: number[];
  /** The writes that no handler ever reads and that a quorum has, as bits: which quorum changes nothing. */
  unread: number;
  /** Every message that is or was on a topic, as bits. */
  published: number;
  faultsLeft: number;
  /** Messages that wait for a delivery. */
  queue: readonly { readonly message: number; readonly entry: number }[];
  running: Running[];
  late: Late[];
  /** How it came to be; no part of what a state is. */
  path: Path | undefined;
}

export const copyOf = (state: State): State => ({
  has: state.has.slice(),
  unread: state.unread,
  published: state.published,
  faultsLeft: state.faultsLeft,
  queue: state.queue,
  running: state.running.map(({ entry, isAcked, place, pending, seen, owes }) => ({
    entry,
    isAcked,
    place,
    pending: pending.slice(),
    seen: seen.slice(),
    owes,
  })),
  late: state.late.map(({ write, pending }) => ({ write, pending })),
  path: state.path,
});

/** How many of the replicas are set. */
export const bitsIn = (bits: number): number => (bits & 1) + ((bits >> 1) & 1) + ((bits >> 2) & 1);

/** The numbers of the bits that are set. */
export const numbersIn = (bits: number): number[] => {
  const numbers: number[] = [];
  for (let bit = 0; bits >> bit !== 0; bit += 1) if ((bits & (1 << bit)) !== 0) numbers.push(bit);
  return numbers;
};

/** What every two replicas have together. */
export const pairsOf = ([a = 0, b = 0, c = 0]: readonly number[]): readonly number[] => [a | b, a | c, b | c];

/** What any two replicas are sure to have: at least two have it. */
export const keptIn = ([a = 0, b = 0, c = 0]: readonly number[]): number => (a & b) | (a & c) | (b & c);

/** The replicas that have a write, as bits. */
export const holdersOf = ([a = 0, b = 0, c = 0]: readonly number[], write: number): number =>
  ((a >> write) & 1) | (((b >> write) & 1) << 1) | (((c >> write) & 1) << 2);
