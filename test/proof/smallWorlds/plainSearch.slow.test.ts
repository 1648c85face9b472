import { describe, it } from 'vitest';
import { createSmallWorld } from '../../../proof/smallWorlds/smallWorld.ts';
import { SMALL_WORLDS } from '../../../proof/smallWorlds/smallWorlds.ts';
import { compareSearches } from '../../support/proof/compareSearches.ts';
import { describeLitmusWorlds } from '../../support/proof/litmusSuite.ts';

const TIMEOUT_MS = 300_000;

describe('the search with its reduction', () => {
  it.each([
    ['an order and its payment', 1],
    ['an order and its payment, in pages of one row', 0],
  ] as const)(
    'sees what a search of every order of all steps sees: %s, at most %i fault',
    async (name, faults) => {
      await compareSearches(createSmallWorld(SMALL_WORLDS[name]), faults, name);
    },
    TIMEOUT_MS,
  );
});

describeLitmusWorlds([
  [2, 0, 30],
  [1, 1, 15],
]);
