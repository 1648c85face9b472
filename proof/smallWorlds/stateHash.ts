import { ALL_REPLICAS, REPLICAS, type Running, type State } from './state.ts';

/** 96 bits, as three words. */
type Hash = Uint32Array;
const WORDS = 3;

/** The first value of each part of a state, so that parts of two kinds have different hashes. */
const PART = { world: 1, handler: 2, twins: 3, late: 4 } as const;

/** Every order of the replicas. `moved` gives the set of replicas that a set becomes in this order. */
const ORDERS = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
].map((replicas) => ({
  replicas,
  moved: Array.from({ length: ALL_REPLICAS + 1 }, (_, bits) =>
    replicas.reduce((sum, replica, to) => sum | (((bits >> replica) & 1) << to), 0),
  ),
}));
const [AS_THEY_ARE] = ORDERS;

/**
 * Returns a function that hashes a state. States that differ only in the order of replicas, handlers or late
 * writes have the same hash. The hashes of the parts are added up, so their order does not count. Of the
 * hashes for all orders of the replicas, the least is the hash of the state.
 */
export const createStateHash = (): ((state: State) => Hash) => {
  // Three variables are faster than an array, and the search spends most of its time here.
  let [a, b, c] = [0, 0, 0];
  const sum = new Uint32Array(WORDS);
  const least = new Uint32Array(WORDS);

  const begin = (kind: number): void => {
    a = kind;
    b = kind;
    c = kind;
  };
  const mix = (value: number): void => {
    a = (scramble(a ^ value, 0x7feb352d, 0x846ca68b) + 0x9e3779b9) | 0;
    b = (scramble(b ^ value, 0x85ebca6b, 0xc2b2ae35) + 0x3c6ef372) | 0;
    c = (scramble(c ^ value, 0x21f0aaad, 0x735a2d97) + 0xdaa66d2b) | 0;
  };
  const add = (): void => {
    sum[0] = (sum[0] ?? 0) + a;
    sum[1] = (sum[1] ?? 0) + b;
    sum[2] = (sum[2] ?? 0) + c;
  };
  const mixHandler = ({ place, isAcked, pending, seen }: Running, moved: readonly number[]): void => {
    begin(PART.handler);
    mix(place * 2 + (isAcked ? 1 : 0));
    for (let call = 0; call < pending.length; call += 1) {
      mix(moved[pending[call] ?? 0] ?? 0);
      mix(seen[call] ?? 0);
    }
  };

  const sumUp = (state: State, { replicas, moved }: (typeof ORDERS)[number]): void => {
    sum.fill(0);
    begin(PART.world);
    mix(state.published);
    mix(state.faultsLeft);
    for (const replica of replicas) mix(state.has[replica] ?? 0);
    add();
    for (const [at, handler] of state.running.entries()) {
      mixHandler(handler, moved);
      add();
      if (handler.isAcked) continue;
      for (const twin of state.running.slice(at + 1)) {
        if (twin.isAcked || twin.entry !== handler.entry) continue;
        mixHandler(handler, moved);
        const [otherA, otherB, otherC] = [a, b, c];
        mixHandler(twin, moved);
        // The sum is the same for both orders of the twins.
        a = (a + otherA) | 0;
        b = (b + otherB) | 0;
        c = (c + otherC) | 0;
        mix(PART.twins);
        add();
      }
    }
    for (const { write, pending } of state.late) {
      begin(PART.late);
      mix(write);
      mix(moved[pending] ?? 0);
      add();
    }
  };

  return (state) => {
    for (const order of isSymmetric(state) ? ORDERS.slice(0, 1) : ORDERS) {
      sumUp(state, order);
      if (order === AS_THEY_ARE || isLess(sum, least)) least.set(sum);
    }
    return least;
  };
};

const scramble = (value: number, first: number, second: number): number => {
  const bits = Math.imul(value ^ (value >>> 16), first);
  const more = Math.imul(bits ^ (bits >>> 15), second);
  return more ^ (more >>> 16);
};

const isSymmetric = ({ has: [a, b, c], running, late }: State): boolean =>
  a === b &&
  b === c &&
  running.every(({ pending }) => pending.every((bits) => bits === ALL_REPLICAS)) &&
  late.every(({ pending }) => pending === ALL_REPLICAS);

const isLess = (one: Hash, other: Hash): boolean => {
  for (let word = 0; word < WORDS; word += 1) {
    if (one[word] !== other[word]) return (one[word] ?? 0) < (other[word] ?? 0);
  }
  return false;
};

if (ORDERS.length !== REPLICAS * 2) throw new Error('an order of the replicas is missing');
