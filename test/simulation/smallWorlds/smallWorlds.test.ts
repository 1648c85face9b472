import { describe, expect, it } from 'vitest';
import { runScript } from '../../support/runTally.ts';
import { explore } from './explore.ts';
import { SMALL_WORLD_NAMES } from './names.ts';
import { permute } from './permutations.ts';
import { createSmallWorld, SMALL_WORLDS } from './worlds.ts';

const TIMEOUT_MS = 300_000;

describe('a small world', () => {
  it.each([
    ['an order and its payment', 1, 42_110],
    ['an order and a changed one', 1, 536],
  ] as const)(
    '%s, with at most %i fault, breaks no promise in any of its states',
    async (name, faults, atLeast) => {
      const { states, isWhole, violations } = await explore({
        ...createSmallWorld(SMALL_WORLDS[name]),
        faults,
      });

      console.log(`${name}, at most ${faults} fault: ${states} states, ${violations.length} violations`);
      expect(violations).toEqual([]);
      expect(isWhole).toBe(true);
      expect(states).toBeGreaterThanOrEqual(atLeast);
    },
    TIMEOUT_MS,
  );

  it.each(SMALL_WORLD_NAMES)(
    '%s ends right after every sequence of up to five deliveries',
    async (name) => {
      const { sequences, violations } = await permute(createSmallWorld(SMALL_WORLDS[name]), 5);

      expect(violations).toEqual([]);
      expect(sequences).toBeGreaterThan(60);
    },
    TIMEOUT_MS,
  );

  it.each([
    ['onOrder reads while it writes', 'an order and its payment', 'I3: '],
    ['onDlq reads before it writes', 'an order and its payment', 'I3: '],
    ['consistency ONE', 'an order and its payment', 'I1: '],
    ['an early payment is retried', 'an order and its payment', 'I7: '],
    ['a conflict is not recorded', 'an order and two payments', 'I6: '],
  ])(
    'shows what is wrong when %s, in %s',
    async (bug, world, text) => {
      const args = ['--world', world, '--faults', '0', '--bug', bug, '--json'];

      const { exitCode, stderr } = await runScript('test/simulation/smallWorlds/main.ts', args, { env: {} });

      expect(exitCode).toBe(1);
      expect(stderr).toContain(text);
    },
    TIMEOUT_MS,
  );
});
