import { createRandom, type Random } from '../../../functions/simulate/random.ts';

/** The draws of one input: of its seed and its number alone, so that any input can be made again by itself. */
export const randomOf = (seed: number, index: number): Random => {
  // MurmurHash3's finalizer, so that neighbouring numbers have nothing in common.
  let hash = Math.imul(index + 1, 0x9e3779b1) ^ seed;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return createRandom((hash ^ (hash >>> 16)) >>> 0, 'content');
};
