import { describe, expect, it } from 'vitest';
import { runScript } from '../../../proof/runScript.ts';

const TIMEOUT_MS = 60_000;

/**
 * A planted bug, the small world that shows it, the faults that it needs at most, and the promise that
 * breaks.
 */
const CASES = [
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
] as const;

/** @param count how many of the cases run; each starts a process. */
export const describeCounterexamples = (count: number = CASES.length): void => {
  describe('npm run simulation:worlds', () => {
    it.each(CASES.slice(0, count))(
      'shows a violation when %s, in %s with at most %s faults, and the path to it',
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
};
