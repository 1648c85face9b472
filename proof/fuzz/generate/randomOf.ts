import { createRandom, type Random } from '../../../functions/simulate/random.ts';

/**
 * The random draws of one input. They depend only on the seed and the number, so one input can be made alone.
 */
export const randomOf = (seed: number, index: number): Random => {
  // The finalizer of MurmurHash3 gives neighbouring numbers unrelated draws.
  let hash = Math.imul(index + 1, 0x9e3779b1) ^ seed;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return createRandom((hash ^ (hash >>> 16)) >>> 0, 'content');
};
