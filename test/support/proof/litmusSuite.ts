import { describe, it } from 'vitest';
import { compareSearches } from './compareSearches.ts';
import { createLitmusWorld, drawPrograms } from './litmusWorld.ts';

/** Ten seconds on an idle machine. */
const TIMEOUT_MS = 300_000;

/** Worlds with made-up handlers, searched with and without the reduction. */
export const describeLitmusWorlds = (
  cases: readonly (readonly [handlers: number, faults: number, seeds: number])[],
): void => {
  describe('the search with its reduction', () => {
    it.each(cases)(
      'sees what one sees that takes every order of every step: %i made-up handlers, at most %i fault, %i seeds',
      async (handlers, faults, seeds) => {
        for (let seed = 0; seed < seeds; seed += 1) {
          const { programs, answersNeeded } = drawPrograms(seed, handlers);
          const world = createLitmusWorld(programs, answersNeeded);

          await compareSearches(world, faults, `seed ${seed}: ${JSON.stringify(programs)}`);
        }
      },
      TIMEOUT_MS,
    );
  });
};
