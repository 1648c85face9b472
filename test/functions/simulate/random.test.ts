import { describe, expect, it } from 'vitest';
import { createRandom, SEED_MAX } from '../../../functions/simulate/random.ts';

const draws = (seed: number, purpose: 'content' | 'plan', count: number): number[] => {
  const random = createRandom(seed, purpose);
  return Array.from({ length: count }, () => random.next());
};

describe('the pseudo-random draws', () => {
  it('are the same for the same seed for ever', () => {
    const numbers = draws(42, 'content', 3).map((draw) => draw * 2 ** 32);

    // From the definition in another language.
    expect(numbers).toEqual([1_251_167_922, 656_401_615, 478_193_053]);
  });

  it('differ between seeds, neighbours and extremes included', () => {
    const firsts = [0, 1, 2, SEED_MAX - 1, SEED_MAX].map((seed) => draws(seed, 'content', 4).join());

    expect(new Set(firsts).size).toBe(firsts.length);
  });

  it('differ between purposes', () => {
    expect(draws(42, 'content', 4)).not.toEqual(draws(42, 'plan', 4));
  });

  it('cover the whole range evenly', () => {
    const counts = Array.from({ length: 10 }, () => 0);

    for (const draw of draws(7, 'content', 100_000)) {
      const tenth = Math.floor(draw * 10);
      counts[tenth] = (counts[tenth] ?? 0) + 1;
    }

    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  it('give whole numbers with both ends, and nothing beyond them', () => {
    const random = createRandom(42, 'content');

    const seen = Array.from({ length: 1000 }, () => random.integer(3, 5));

    expect(new Set(seen)).toEqual(new Set([3, 4, 5]));
  });

  it('never take a chance of 0 and always one of 1', () => {
    const random = createRandom(42, 'content');

    const never = Array.from({ length: 10_000 }, () => random.chance(0));
    const always = Array.from({ length: 10_000 }, () => random.chance(1));

    expect(never).not.toContain(true);
    expect(always).not.toContain(false);
  });
});
