import { describe, expect, it } from 'vitest';
import { createLitmusWorld, drawPrograms } from '../../support/proof/litmusWorld.ts';
import { plainSearch } from '../../../proof/smallWorlds/plainSearch.ts';
import { search } from '../../../proof/smallWorlds/search.ts';

const TIMEOUT_MS = 60_000;

describe('the search with its reduction', () => {
  it.each([
    [2, 0, 30],
    [1, 1, 15],
  ])(
    'ends as one that takes every order of every step: %i made-up handlers, at most %i fault, %i seeds',
    async (handlers, faults, seeds) => {
      for (let seed = 0; seed < seeds; seed += 1) {
        const { programs, answersNeeded } = drawPrograms(seed, handlers);
        const world = createLitmusWorld(programs, answersNeeded);

        const plain = await plainSearch(world, faults);
        const reduced = await search(world, { faults });

        expect(reduced.ends, `seed ${seed}: ${JSON.stringify(programs)}`).toEqual(plain.ends);
      }
    },
    TIMEOUT_MS,
  );
});
