import { describe, expect, it } from 'vitest';
import { describeCounterexamples } from '../../support/proof/counterexampleSuite.ts';
import { SMALL_WORLD_NAMES } from '../../../proof/smallWorlds/smallWorldNames.ts';
import { permute } from '../../../proof/smallWorlds/permute.ts';
import { search } from '../../../proof/smallWorlds/search.ts';
import { createSmallWorld, SMALL_WORLDS } from '../../../proof/smallWorlds/smallWorld.ts';

const TIMEOUT_MS = 60_000;

describe('a small world', () => {
  it.each([
    ['an order and its payment', 1, 700],
    ['an order and a changed one', 1, 10],
    ['an order and two payments', 0, 1_200],
    ['an order and a payment that changes', 0, 800],
  ] as const)(
    '%s, with at most %i fault, breaks no promise in any of its states',
    async (name, faults, atLeast) => {
      const { states, isWhole, violations } = await search(createSmallWorld(SMALL_WORLDS[name]), { faults });

      console.log(`${name}, at most ${faults} fault: ${states} states, ${violations.length} violations`);
      expect(violations).toEqual([]);
      expect(isWhole).toBe(true);
      expect(states).toBeGreaterThanOrEqual(atLeast);
    },
    TIMEOUT_MS,
  );

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
