import { describe, expect, it } from 'vitest';
import { runScript } from '../../../proof/runScript.ts';
import { SMALL_WORLD_NAMES } from '../../../proof/smallWorlds/names.ts';
import { permute } from '../../../proof/smallWorlds/permutations.ts';
import { search } from '../../../proof/smallWorlds/search.ts';
import { createSmallWorld, SMALL_WORLDS } from '../../../proof/smallWorlds/worlds.ts';

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
    '%s has the right end after every sequence of up to five deliveries',
    async (name) => {
      const { sequences, violations } = await permute(createSmallWorld(SMALL_WORLDS[name]), 5);

      expect(violations).toEqual([]);
      expect(sequences).toBeGreaterThan(60);
    },
    TIMEOUT_MS,
  );

  it.each([
    ['onOrder reads while it writes', 'an order and its payment', '0', 'I3: '],
    ['onOrder reads before it writes', 'an order and its payment', '0', 'I3: '],
    ['onDlq reads before it writes', 'an order and its payment', '0', 'I3: '],
    ['consistency ONE', 'an order and its payment', '0', 'I1: '],
    ['the order is looked for at ONE', 'an order and its payment', '0', 'I3: '],
    ['payments are looked for at ONE', 'an order and its payment', '0', 'I3: '],
    ['an early payment is retried', 'an order and its payment', '0', 'I7: '],
    ['a conflict is not recorded', 'an order and two payments', '0', 'I6: '],
    ['a conflict is not reported', 'an order and two payments', '0', 'I6: '],
    ['a failed publish of a dead letter is acked', 'an order and its payment', '1', 'I3: '],
  ])(
    'shows the violation and the way to it when %s, in %s with at most %s faults',
    async (bug, world, faults, text) => {
      const args = ['--world', world, '--faults', faults, '--bug', bug, '--json'];

      const { exitCode, stderr } = await runScript('proof/smallWorlds/main.ts', args, { env: {} });

      expect(exitCode).toBe(1);
      expect(stderr).toContain(text);
      expect(stderr).toMatch(/\n {2}message 0 \(orders_data\) is delivered\n/);
    },
    TIMEOUT_MS,
  );
});
