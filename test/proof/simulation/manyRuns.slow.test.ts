import { describe, expect, it } from 'vitest';
import { addStrikes, countStrikes, FAULT_KINDS, type FaultKind } from '../../../proof/simulation/faults.ts';
import { runPool } from '../../../proof/simulation/runPool.ts';

/** The runs share the machine with the rest of the tests. */
const TIMEOUT_MS = 300_000;

const task = { faults: FAULT_KINDS, bug: undefined, stopsAtFirst: false };

describe('the simulated world', () => {
  it(
    'breaks no promise in a few hundred runs, in which every kind of fault strikes, and together thousands of times',
    async () => {
      const results = await runPool({ task, from: 0, count: 200 });

      expect(results.flatMap(({ failures }) => failures)).toEqual([]);
      expect(results.reduce((sum, { runs }) => sum + runs, 0)).toBe(200);
      const struck = new Map<FaultKind, number>();
      for (const { faults } of results) addStrikes(struck, faults);
      expect([...struck.keys()].toSorted()).toEqual(FAULT_KINDS.toSorted());
      expect(countStrikes(struck)).toBeGreaterThan(5_000);
    },
    TIMEOUT_MS,
  );
});
