import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { describeError } from '../../../cli/describeError.ts';
import { isAlive } from '../../../local/isAlive.ts';
import { orderBytes } from '../../../proof/referenceMessages.ts';
import { until } from '../../../proof/until.ts';
import { invalidLetter } from '../../support/commands/invalidLetter.ts';
import { startLosing } from '../../support/commands/startLosing.ts';
import { startMemorySystem } from '../../support/commands/memorySystem.ts';
import { takeTerminal } from '../../support/commands/takeTerminal.ts';

describe('tally dlq edit', () => {
  const { id, ...rest } = invalidLetter(1);
  let system: Awaited<ReturnType<typeof startMemorySystem>>;
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tally-test-'));
    await writeFile(join(folder, 'corrected.json'), orderBytes());
    system = await startMemorySystem();
    await system.store.recordDeadLetter({ id, ...rest });
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await system.stop();
    await rm(folder, { recursive: true });
  });
  /** Edits while one call is lost. */
  const editLosing = async (method: string, nth: number) => {
    const errors = vi.spyOn(console, 'error').mockImplementation(() => {});
    const losing = await startLosing(system.url, { method, nth });
    const words = ['dlq', 'edit', id, '--file', join(folder, 'corrected.json'), '--yes'];
    const ended = await system.run(words, losing.url).catch((error: unknown) => error);
    losing.stop();
    return { ended, errors: errors.mock.calls.flat().join('\n') };
  };

  it('that is done says so, also where its end is not in the history', async () => {
    const { ended, errors } = await editLosing('recordOperation', 2);

    expect(ended).toMatch(/^Sent as message \d+ to orders_data\.\nSee what became of it: npx tally order 1$/);
    expect(errors).toMatch(/The history has no result of this command, because the store did not answer/);
  });

  it('that was sent and could not be noted is not able to do its work, and says that it was sent', async () => {
    const { ended } = await editLosing('recordAction', 1);

    expect(ended).toMatchObject({ name: 'UnableError' });
    expect(describeError(ended)).toMatch(
      /^the copy was sent as message \d+, and that could not be noted: send the very same copy again/,
    );
  });

  it.each(['SIGTERM', 'SIGHUP'] as const)(
    'on a %s ends the editor, and leaves nothing of the payload behind',
    async (signal) => {
      vi.spyOn(console, 'error').mockImplementation(() => {});
      takeTerminal(() => 'n\n');
      const opened = join(folder, 'opened');
      // It says which process it is and what it has opened, and then it waits for its user.
      const EDITOR = `OPENED="${opened}" sh -c 'echo $$ "$1" > "$OPENED"; exec sleep 60' editor`;
      const edited = system.run(['dlq', 'edit', id], undefined, { EDITOR });
      edited.catch(() => {});
      await until('an open editor', async () =>
        / .+\n$/.test(await readFile(opened, 'utf8').catch(() => '')),
      );
      const [pid = '', path = ''] = (await readFile(opened, 'utf8')).trim().split(' ');
      expect(existsSync(path)).toBe(true);

      process.emit(signal, signal);

      await expect(edited).rejects.toMatchObject({
        name: 'InterruptedError',
        message: `interrupted by ${signal}`,
      });
      expect(existsSync(join(path, '..'))).toBe(false);
      await until('the end of the editor', () => !isAlive(Number(pid)));
    },
  );
});
