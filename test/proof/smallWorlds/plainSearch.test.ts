import { describe, expect, it } from 'vitest';
import { orderOf, paymentOf } from '../../../proof/simulation/body.ts';
import { describeLitmusWorlds } from '../../support/proof/litmusSuite.ts';
import { plainSearch } from '../../../proof/smallWorlds/plainSearch.ts';
import { search } from '../../../proof/smallWorlds/search.ts';
import { createSmallWorld, SMALL_WORLDS } from '../../../proof/smallWorlds/smallWorld.ts';

const TIMEOUT_MS = 60_000;
const choice = { orderId: 1n, variant: 0, text: 'a' };

describe('the search with its reduction', () => {
  it.each([
    ['an order', 1, [orderOf(choice)]],
    ['a payment', 1, [paymentOf(choice, 10n)]],
    ['two payments', 0, [paymentOf(choice, 10n), paymentOf(choice, 11n)]],
    ['an order and a changed one', 1, SMALL_WORLDS['an order and a changed one']],
    ['an order and its payment', 0, SMALL_WORLDS['an order and its payment']],
  ])(
    'has the same reads, ends and violations as a search of every order of all steps: %s, at most %i fault',
    async (name, faults, bodies) => {
      const world = createSmallWorld(bodies);

      const plain = await plainSearch(world, faults);
      const reduced = await search(world, { faults });

      console.log(`${name}, at most ${faults} fault: ${reduced.states} states for ${plain.states}`);
      expect(reduced.answers).toEqual(plain.answers);
      expect(reduced.ends).toEqual(plain.ends);
      expect(new Set(reduced.violations.map(({ problem }) => problem))).toEqual(plain.violations);
    },
    TIMEOUT_MS,
  );
});

describeLitmusWorlds([
  [2, 0, 4],
  [1, 1, 3],
]);
