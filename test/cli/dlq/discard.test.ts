import { describe, expect, it } from 'vitest';
import { describeError } from '../../../cli/describeError.ts';
import { startLosing } from '../../support/commands/startLosing.ts';
import { useMemorySystem } from '../../support/commands/useMemorySystem.ts';

describe('tally dlq discard', () => {
  const system = useMemorySystem([1, 2, 3]);
  /** Discards all while one note is lost. */
  const discardLosing = async (nth: number) => {
    const losing = await startLosing(system.url, { method: 'recordAction', nth });
    const words = ['dlq', 'discard', '--because', 'a test', '--yes'];
    const ended = await system.run(words, losing.url).catch((error: unknown) => error);
    losing.stop();
    return { ended, printed: system.printed(), history: await system.run(['dlq', 'history']) };
  };

  it('that fails half-way says how many it discarded and how many are left, in the history too', async () => {
    const { ended, printed, history } = await discardLosing(3);

    expect(describeError(ended)).toMatch(
      /^2 dead letters discarded: 2 invalid, then it stopped: the store did not answer/,
    );
    expect(ended).not.toMatchObject({ name: 'UnableError' });
    expect(printed).toMatch(
      /^2 dead letters discarded: 2 invalid\. 1 is left: run the same command again, with --since /,
    );
    expect(history).toMatch(/failed: 2 dead letters discarded: 2 invalid, then the store did not answer/);
  });

  it('that fails at the first was not able to do its work', async () => {
    const { ended, printed } = await discardLosing(1);

    expect(ended).toMatchObject({ name: 'UnableError' });
    expect(printed).toBe('');
  });
});
