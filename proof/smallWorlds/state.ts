import type { Path } from './path.ts';

export const REPLICAS = 3;
/** All replicas, as bits. */
export const ALL_REPLICAS = 0b111;
/** Two of three replicas: any two quorums share a replica. */
export const QUORUM = 2;

/** A handler that runs. */
export interface Running {
  /** The number of its message in the subscription. Two deliveries of one message have the same number. */
  entry: number;
  /** Another delivery of the same message was acked. */
  isAcked: boolean;
  /** Its place in the automaton. */
  place: number;
  /** For each call that it waits for: the replicas that the call has not reached yet, as bits. */
  pending: number[];
  /** For each call that it waits for: the writes that a read has seen so far, as bits. */
  seen: number[];
}

/** A write for which no handler waits any more. It may still arrive, or never. */
interface Late {
  readonly write: number;
  pending: number;
}

/** A state of a small world. It is changed in place; `copyOf` copies it. */
export interface State {
  /** The writes that each replica has, as bits. */
  has: number[];
  /** Every message that was ever published, as bits. */
  published: number;
  faultsLeft: number;
  /** Messages that wait for a delivery. */
  queue: readonly { readonly message: number; readonly entry: number }[];
  running: Running[];
  late: Late[];
  /** The steps that led here, for reports. Two states with different paths can be the same state. */
  path: Path | undefined;
}

export const copyOf = (state: State): State => ({
  has: state.has.slice(),
  published: state.published,
  faultsLeft: state.faultsLeft,
  queue: state.queue,
  running: state.running.map(({ entry, isAcked, place, pending, seen }) => ({
    entry,
    isAcked,
    place,
    pending: pending.slice(),
    seen: seen.slice(),
  })),
  late: state.late.map(({ write, pending }) => ({ write, pending })),
  path: state.path,
});

/** The number of replicas in a set: `0b101` gives 2. */
export const bitsIn = (bits: number): number => (bits & 1) + ((bits >> 1) & 1) + ((bits >> 2) & 1);

/** The numbers in a set: `0b101` gives `[0, 2]`. */
export const numbersIn = (bits: number): number[] => {
  const numbers: number[] = [];
  for (let bit = 0; bits >> bit !== 0; bit += 1) if ((bits & (1 << bit)) !== 0) numbers.push(bit);
  return numbers;
};

/** Every two replicas. */
export const PAIRS = [
  [0, 1],
  [0, 2],
  [1, 2],
] as const;

/** The writes that at least two replicas have, so that every pair of replicas has them together. */
export const keptIn = ([a = 0, b = 0, c = 0]: readonly number[]): number => (a & b) | (a & c) | (b & c);

/** The set of replicas that have a write, as bits. */
export const holdersOf = ([a = 0, b = 0, c = 0]: readonly number[], write: number): number =>
  ((a >> write) & 1) | (((b >> write) & 1) << 1) | (((c >> write) & 1) << 2);
