import { describe, expect, it } from 'vitest';
import { describeError } from '../../cli/describeError.ts';
import { acceptAll } from '../support/audit/acceptAll.ts';
import { invalidLetter } from '../support/commands/invalidLetter.ts';
import { useMemorySystem } from '../support/commands/useMemorySystem.ts';
import { startLosing } from '../support/commands/startLosing.ts';
import { orderEntry } from '../support/messages/entries.ts';

describe('tally erase', () => {
  const system = useMemorySystem();
  /** Erases while one call is lost. */
  const eraseLosing = async (lost: { method: string; nth: number }, ...words: readonly string[]) => {
    const losing = await startLosing(system.url, lost);
    const command = ['erase', ...words, '--because', 'asked', '--yes'];
    const ended = await system.run(command, losing.url).catch((error: unknown) => error);
    losing.stop();
    return { ended, printed: system.printed(), history: await system.run(['dlq', 'history']) };
  };

  it('that fails half-way says what it has erased and what is left, in the history too', async () => {
    const letters = [1, 2].map((number) => invalidLetter(number));
    for (const letter of letters) await system.store.recordDeadLetter(letter);
    const words = letters.flatMap(({ id }) => ['--dead-letter', id]);

    const { ended, printed, history } = await eraseLosing({ method: 'erasePayload', nth: 2 }, ...words);

    expect(describeError(ended)).toMatch(/^1 dead letter erased, then it stopped: the store did not answer/);
    expect(ended).not.toMatchObject({ name: 'UnableError' });
    expect(printed).toBe('Erased: 1 dead letter. Left: 1 dead letter. Run the same command again.');
    expect(history).toMatch(/failed: 1 dead letter erased, then the store did not answer/);
  });

  it('erases nothing when the store does not say what time it is: the clock of this machine may be ahead', async () => {
    await acceptAll(system.store, orderEntry(1));

    const { ended } = await eraseLosing({ method: 'clockMs', nth: 1 }, '--order', '1');

    expect(describeError(ended)).toMatch(/the store did not answer/);
    expect((await system.store.findOrderRecord(1n)).fact?.order.customerId).toBeDefined();
  });

  it('that cannot look afterwards says what it has erased, too', async () => {
    await acceptAll(system.store, orderEntry(1));
    // The order is read to be found, to be erased, twice, and then to see what is left.
    const lost = { method: 'findOrderRecord', nth: 4 };

    const { ended, printed, history } = await eraseLosing(lost, '--order', '1');

    expect(ended).toMatchObject({ name: 'UnableError' });
    expect(printed).toMatch(/^Erased: 1 entry of 1 order, its row, and 0 dead letters\.\n/);
    expect(history).toContain('\n  1 entry of 1 order, its row, and 0 dead letters');
  });

  it('that fails between two orders counts the orders', async () => {
    await acceptAll(system.store, orderEntry(1), orderEntry(2, { orderId: 2n }));
    // Each order records its erasure once.
    const lost = { method: 'recordEntry', nth: 2 };

    const { printed } = await eraseLosing(lost, '--order', '1', '--order', '2', '--json');

    expect(JSON.parse(printed)).toMatchObject({
      orders: 1,
      entries: 1,
      left: { orders: 1, dead_letters: 0 },
    });
  });
});
