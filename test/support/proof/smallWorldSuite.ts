import { describe, expect, it } from 'vitest';
import { search } from '../../../proof/smallWorlds/search.ts';
import { createSmallWorld } from '../../../proof/smallWorlds/smallWorld.ts';
import { SMALL_WORLDS, type SmallWorldName } from '../../../proof/smallWorlds/smallWorlds.ts';

/** The largest world takes a minute on an idle machine. */
const TIMEOUT_MS = 900_000;

/** Small worlds with the faults that they may have, and the states that they have at least. */
export const describeSmallWorlds = (
  cases: readonly (readonly [name: SmallWorldName, faults: number, statesMin: number])[],
): void => {
  describe('a small world', () => {
    it.each(cases)(
      '%s, with at most %i fault, breaks no promise in any of its states',
      async (name, faults, statesMin) => {
        const spec = SMALL_WORLDS[name];
        const world = createSmallWorld(spec);

        const { states, isWhole, tellers, violations } = await search(world, { faults });

        console.log(`${name}, at most ${faults} fault: ${states} states, ${violations.length} violations`);
        expect(violations).toEqual([]);
        expect(isWhole).toBe(true);
        expect(states).toBeGreaterThanOrEqual(statesMin);
        // I6: whatever happens, at least one message tells what must be told.
        expect(tellers.least).toBeGreaterThanOrEqual(spec.told.length > 0 ? 1 : 0);
      },
      TIMEOUT_MS,
    );
  });
};
