import { describe, expect, it } from 'vitest';
import { describeCounterexamples } from '../../support/proof/counterexampleSuite.ts';
import { describeSmallWorlds } from '../../support/proof/smallWorldSuite.ts';
import { permute } from '../../../proof/smallWorlds/permute.ts';
import { createSmallWorld } from '../../../proof/smallWorlds/smallWorld.ts';
import { SMALL_WORLD_NAMES, SMALL_WORLDS } from '../../../proof/smallWorlds/smallWorlds.ts';

const TIMEOUT_MS = 60_000;

describeSmallWorlds([
  ['an order and its payment', 1, 200],
  ['an order and a message that nobody can read', 1, 5],
  ['an order and a changed version', 1, 20],
  ['an order of a customer and then of a guest', 1, 20],
  ['two versions of the very same write time', 1, 200],
  ['an order and two payments', 0, 500],
  ['an order and two payments, one without a card', 0, 1_000],
  ['an order and two payments, one forwarded', 0, 1_000],
  ['an order and a payment whose status moves', 0, 1_000],
  ['an order and a payment with contradicting contents', 0, 1_000],
  ['an order and its payment, in pages of one row', 1, 500],
]);

describe('a small world', () => {
  it.each(SMALL_WORLD_NAMES)(
    '%s has the right tables after every sequence of up to five deliveries',
    async (name) => {
      const { sequences, violations } = await permute(createSmallWorld(SMALL_WORLDS[name]), 5);

      expect(violations).toEqual([]);
      expect(sequences).toBeGreaterThan(60);
    },
    TIMEOUT_MS,
  );
});

describeCounterexamples(1);
