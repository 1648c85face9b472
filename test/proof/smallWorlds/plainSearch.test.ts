import { describe, expect, it } from 'vitest';
import { createSmallWorld } from '../../../proof/smallWorlds/smallWorld.ts';
import { SMALL_WORLDS, type WorldSpec } from '../../../proof/smallWorlds/smallWorlds.ts';
import { compareSearches } from '../../support/proof/compareSearches.ts';
import { describeLitmusWorlds } from '../../support/proof/litmusSuite.ts';

const TIMEOUT_MS = 60_000;

/** The world with only some of its messages. */
const only = (spec: WorldSpec, ...places: readonly number[]): WorldSpec => ({
  ...spec,
  messages: spec.messages.filter((_, place) => places.includes(place)),
  told: [],
  version: undefined,
  payment: undefined,
});
const { 'an order and two payments': TWO_PAYMENTS } = SMALL_WORLDS;

describe('the search with its reduction', () => {
  it.each<[string, number, WorldSpec]>([
    ['an order', 1, only(TWO_PAYMENTS, 0)],
    ['a payment', 1, only(TWO_PAYMENTS, 1)],
    ['two payments', 0, only(TWO_PAYMENTS, 1, 2)],
    ['an order and a changed version', 0, SMALL_WORLDS['an order and a changed version']],
    ['two versions of the very same write time', 0, SMALL_WORLDS['two versions of the very same write time']],
    ['an order and its payment', 0, SMALL_WORLDS['an order and its payment']],
  ])(
    'sees what a search of every order of all steps sees: %s, at most %i fault',
    async (name, faults, spec) => {
      const { plain, reduced } = await compareSearches(createSmallWorld(spec), faults, name);

      expect(reduced.answers).toEqual(plain.answers);
    },
    TIMEOUT_MS,
  );
});

describeLitmusWorlds([
  [2, 0, 4],
  [1, 1, 3],
]);
