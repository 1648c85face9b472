import { describe, expect, it } from 'vitest';
import { withSimulatedTimers } from '../../../proof/simulation/fakeTimers.ts';
import { addStrikes, countStrikes, FAULT_KINDS, type FaultKind } from '../../../proof/simulation/faults.ts';
import { runPool } from '../../../proof/simulation/pool.ts';
import { runSeed } from '../../../proof/simulation/simulate.ts';

/** Other tests run at the same time, so the runs may be slow. */
const TIMEOUT_MS = 300_000;

const task = { faults: FAULT_KINDS, bug: undefined, stopsAtFirst: false };

const traceOf = async (seed: number): Promise<readonly string[]> => {
  const lines: string[] = [];
  await withSimulatedTimers(() =>
    runSeed({ seed, faults: new Set(FAULT_KINDS), trace: (line) => lines.push(line) }),
  );
  return lines;
};

describe('the simulated world', () => {
  it(
    'breaks no promise in a few hundred runs with thousands of faults of every kind',
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

  it('sends at least 30 messages a run', async () => {
    const results = await runPool({ task, from: 0, count: 50 });

    for (const { planned, runs } of results) expect(planned).toBeGreaterThanOrEqual(30 * runs);
  });

  it('does the same steps from the same seed', async () => {
    const first = await traceOf(7);
    await traceOf(8);

    expect(await traceOf(7)).toEqual(first);
    expect(first.length).toBeGreaterThan(100);
  });

  it('delivers each message once, or once more as a dead letter, when nothing fails', async () => {
    const calm = { ...task, faults: [] };
    const results = await runPool({ task: calm, from: 0, count: 20 });

    for (const { planned, accepted, deliveries, faults } of results) {
      expect(faults).toEqual(new Map());
      expect(deliveries).toBe(accepted);
      expect(accepted).toBeLessThanOrEqual(2 * planned);
    }
  });
});
