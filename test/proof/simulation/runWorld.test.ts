import { describe, expect, it } from 'vitest';
import { addStrikes, FAULT_KINDS, type FaultKind } from '../../../proof/simulation/faults.ts';
import { runPool } from '../../../proof/simulation/runPool.ts';
import { runWorld } from '../../../proof/simulation/runWorld.ts';
import { withSimulatedTimers } from '../../../proof/simulation/withSimulatedTimers.ts';

/** A run sends its messages under two schedules. */
const SCHEDULES = 2;
/** The runs share the machine with the rest of the tests. */
const TIMEOUT_MS = 300_000;

const task = { faults: FAULT_KINDS, bug: undefined, stopsAtFirst: false };

const traceOf = async (seed: number): Promise<readonly string[]> => {
  const lines: string[] = [];
  await withSimulatedTimers(() =>
    runWorld({ seed, faults: new Set(FAULT_KINDS), trace: (line) => lines.push(line) }),
  );
  return lines;
};

describe('the simulated world', () => {
  it(
    'breaks no promise in thirty runs of at least thirty messages, in which faults of many kinds strike',
    async () => {
      const results = await runPool({ task, from: 0, count: 30 });

      expect(results.flatMap(({ failures }) => failures)).toEqual([]);
      expect(results.reduce((sum, { runs }) => sum + runs, 0)).toBe(30);
      for (const { planned, runs } of results) expect(planned).toBeGreaterThanOrEqual(30 * runs);
      const struck = new Map<FaultKind, number>();
      for (const { faults } of results) addStrikes(struck, faults);
      expect(struck.size).toBeGreaterThan(FAULT_KINDS.length / 2);
    },
    TIMEOUT_MS,
  );

  it('takes the same steps from the same seed', async () => {
    const first = await traceOf(7);
    await traceOf(8);

    expect(await traceOf(7)).toEqual(first);
    expect(first.length).toBeGreaterThan(100);
  });

  it('delivers each message once in each schedule without faults, and each dead letter once', async () => {
    const calm = { ...task, faults: [] };
    const results = await runPool({ task: calm, from: 0, count: 10 });

    for (const { planned, accepted, deliveries, faults } of results) {
      expect(faults).toEqual(new Map());
      expect(deliveries).toBe(accepted);
      expect(accepted).toBeLessThanOrEqual(SCHEDULES * 2 * planned);
    }
  });
});
