/** Pseudo-random draws: the same seed gives the same draws, on every machine and for ever. */
export interface Random {
  /** At least 0, below 1. */
  readonly next: () => number;
  /** A whole number, both ends included. */
  readonly integer: (min: number, max: number) => number;
  /** True for this share of the calls: never for 0, always for 1. */
  readonly chance: (share: number) => boolean;
  readonly pick: <T>(choices: readonly [T, ...T[]]) => T;
}

export const SEED_MAX = 2 ** 32 - 1;

const PURPOSES = { content: 0, plan: 1 } as const;

/** PractRand's advice for this generator: so many numbers until neighbouring seeds have nothing in common. */
const WARM_UP_ROUNDS = 15;

/**
 * @param seed a whole number from 0 to `SEED_MAX`.
 * @param purpose gives each purpose draws of its own, so that one can be drawn again without the other.
 */
export const createRandom = (seed: number, purpose: keyof typeof PURPOSES): Random =>
  createStream(PURPOSES[purpose], seed, 0);

/**
 * Chris Doty-Humphrey's sfc32 (https://pracrand.sourceforge.net/RNG_engines.txt): ten operations a number, 128 bits of
 * state, none of it shared between runs. Each three words have draws of their own.
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
