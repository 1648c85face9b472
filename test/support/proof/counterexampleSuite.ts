import { describe, expect, it } from 'vitest';
import { runScript } from '../commands/runScript.ts';

const TIMEOUT_MS = 60_000;

/** A broken handler, the small world that shows it, the faults that it needs, and the promise that breaks. */
const CASES = [
  ['an event is read for before it is recorded', 'an order and its payment', '0', 'I3: '],
  ['an event is read for while it is recorded', 'an order and its payment', '0', 'I3: '],
  ['an event is acked before it is recorded', 'an order and its payment', '0', 'I2: '],
  ['everything is read and written at ONE', 'an order and its payment', '0', 'I2: '],
  ['the ledger is read at ONE', 'an order and its payment', '0', 'I3: '],
  ['only the first page of the ledger is read', 'an order and its payment, in pages of one row', '0', 'I3: '],
  ['a row is not shown when the event changes nothing', 'an order and two payments', '0', 'I3: '],
  ['a row is shown by payments only', 'an order and its payment', '0', 'I3: '],
  ['an event is acked before its row is shown', 'an order and its payment', '0', 'I3: '],
  ['a payment is shown without the columns of its order', 'an order and its payment', '0', 'I5: '],
  [
    'the customer of an older version is left to a guest',
    'an order of a customer and then of a guest',
    '0',
    'I5: ',
  ],
  [
    'the card of another payment is left to one without a card',
    'an order and two payments, one without a card',
    '0',
    'I5: ',
  ],
  [
    'versions of the very same write time are not ranked',
    'two versions of the very same write time',
    '0',
    'I5: ',
  ],
  ['a payment is shown at its own time', 'an order, a payment and a declined one', '0', 'I3: '],
  ['the older of two payments that succeeded is shown', 'an order and two payments', '0', 'I3: '],
  ['versions of one time share an entry', 'two versions of one publish request', '0', 'I2: '],
  ['a finding is told by its newest event only', 'an order and two payments', '0', 'I6: '],
  [
    'a finding is told only by the event that makes it true',
    'three payments without their order',
    '0',
    'I6: ',
  ],
  ['a conflict is told by onPayment only', 'an order and two payments, one forwarded', '0', 'I6: '],
  ['a report that is not confirmed is acked', 'an order and two payments', '1', 'I6: '],
  [
    'an invalid message whose report is not confirmed is acked',
    'an order and a message that nobody can read',
    '1',
    'I2: ',
  ],
  ['a declined payment counts as paid', 'an order, a payment and a declined one', '0', 'I6: '],
  ['an early payment is nacked', 'an order and its payment', '0', 'I7: '],
] as const;

/** @param count how many of the cases run; each starts a process. */
export const describeCounterexamples = (count: number = CASES.length): void => {
  describe('npm run simulation:worlds', () => {
    it.each(CASES.slice(0, count))(
      'shows a violation when %s, in %s with at most %s faults, and the path to it',
      async (bug, world, faults, text) => {
        const args = ['--world', world, '--faults', faults, '--bug', bug, '--first', '--json'];

        const { exitCode, stderr } = await runScript('proof/smallWorlds/main.ts', args, { env: {} });

        expect(exitCode).toBe(1);
        expect(stderr).toContain(`at most ${faults} faults: ${text}`);
        expect(stderr).toMatch(/\n {2}message 0 \(\w+_data\) is delivered\n/);
      },
      TIMEOUT_MS,
    );
  });
};
