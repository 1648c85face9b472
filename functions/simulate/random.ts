/** Pseudo-random draws. The same seed gives the same draws on every machine, in every version. */
export interface Random {
  /** Draws a number from 0 up to, but not including, 1. */
  readonly next: () => number;
  /** Draws a whole number from `min` to `max`, both included. */
  readonly integer: (min: number, max: number) => number;
  /** Returns true for this share of the calls: never for 0, always for 1. */
  readonly chance: (share: number) => boolean;
  readonly pick: <T>(choices: readonly [T, ...T[]]) => T;
}

export const SEED_MAX = 2 ** 32 - 1;

const PURPOSES = { content: 0, plan: 1, flow: 2 } as const;

/** PractRand advises to discard this many numbers. Before that, neighbouring seeds give similar numbers. */
const WARM_UP_ROUNDS = 15;

/**
 * Creates the draws of one run for one purpose.
 * @param seed a whole number from 0 to `SEED_MAX`.
 * @param purpose each purpose has separate draws, so the plan can be drawn again without the content.
 */
export const createRandom = (seed: number, purpose: 'content' | 'plan'): Random =>
  createStream(PURPOSES[purpose], seed, 0);

/** Creates the draws for what happens to one order. They are the same whenever the order is looked at. */
export const createFlowRandom = (seed: number, orderId: number): Random =>
  createStream(PURPOSES.flow, seed, orderId);

/**
 * Creates draws with sfc32 by Chris Doty-Humphrey (https://pracrand.sourceforge.net/RNG_engines.txt). It
 * needs ten operations for a number and has 128 bits of state. Runs share no state.
 * @param words the seed: three 32-bit words. Other words give other draws.
 */
export const createStream = (...words: readonly [number, number, number]): Random => {
  let [a, b, c] = words.map((word) => word | 0) as [number, number, number];
  let counter = 1;

  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) next();

  return {
    next,
    integer: (min, max) => min + Math.floor(next() * (max - min + 1)),
    chance: (share) => next() < share,
    pick: (choices) => choices[Math.floor(next() * choices.length)] ?? choices[0],
  };
};
