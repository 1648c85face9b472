/** A slot has 12 bytes. The number of slots doubles when two thirds of them are full. */
const SLOTS_AT_FIRST = 1 << 16;
const WORDS = 3;

/**
 * The set of visited states, as hashes of 96 bits (hash compaction, as in SPIN). Two states with one hash
 * count as one state, and the second would not be searched. Among n states the probability of that is about
 * n² / 2^97: 6e-14 for a hundred million states.
 */
export const createVisited = () => {
  let mask = SLOTS_AT_FIRST - 1;
  let slots = new Uint32Array(SLOTS_AT_FIRST * WORDS);
  let count = 0;

  /** The slot in which a hash is, or where it belongs. */
  const placeOf = (a: number, b: number, c: number): number => {
    for (let slot = a & mask; ; slot = (slot + 1) & mask) {
      const at = slot * WORDS;
      const isEmpty = slots[at] === 0 && slots[at + 1] === 0 && slots[at + 2] === 0;
      if (isEmpty || (slots[at] === a && slots[at + 1] === b && slots[at + 2] === c)) return at;
    }
  };
  const put = (at: number, a: number, b: number, c: number): void => {
    slots[at] = a;
    slots[at + 1] = b;
    slots[at + 2] = c;
  };
  const grow = (): void => {
    const old = slots;
    mask = mask * 2 + 1;
    slots = new Uint32Array((mask + 1) * WORDS);
    for (let at = 0; at < old.length; at += WORDS) {
      const [a = 0, b = 0, c = 0] = [old[at], old[at + 1], old[at + 2]];
      if (a !== 0 || b !== 0 || c !== 0) put(placeOf(a, b, c), a, b, c);
    }
  };

  return {
    count: () => count,
    /** Adds a hash. It returns false when the hash was there already. */
    add: (a: number, b: number, c: number): boolean => {
      const at = placeOf(a, b, c);
      if (slots[at] !== 0 || slots[at + 1] !== 0 || slots[at + 2] !== 0) return false;
      put(at, a, b, c);
      count += 1;
      if (count * WORDS * 3 > slots.length * 2) grow();
      return true;
    },
  };
};
