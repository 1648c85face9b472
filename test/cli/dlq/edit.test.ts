import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { describeError } from '../../../cli/describeError.ts';
import { CARD, orderBytes } from '../../../proof/referenceMessages.ts';
import { deadLetterKeyOf } from '../../../shared/domain/deadLetter.ts';
import { invalidLetter } from '../../support/commands/invalidLetter.ts';
import { startMemorySystem } from '../../support/commands/memorySystem.ts';

describe('tally dlq edit', () => {
  const letter = invalidLetter(1);
  let system: Awaited<ReturnType<typeof startMemorySystem>>;
  let folder: string;
  beforeEach(async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    folder = await mkdtemp(join(tmpdir(), 'tally-test-'));
    system = await startMemorySystem();
    await system.store.recordDeadLetter(letter);
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await system.stop();
    await rm(folder, { recursive: true });
  });
  const edit = (...words: readonly string[]) =>
    system.run(['dlq', 'edit', letter.id, ...words]).catch((error: unknown) => error);
  const file = (): string => join(folder, 'corrected.json');

  it.each<[string, string | Buffer | undefined, RegExp]>([
    ['is missing', undefined, /^nothing was sent: cannot read .*corrected\.json: ENOENT/],
    ['is empty', '', /^nothing was sent: .*corrected\.json is empty: expected a JSON object$/],
    ['is not valid', '{}', /^nothing was sent, because the body is not valid:\n {2}order_id: /],
    [
      'would not be valid when its card numbers are masked',
      orderBytes({ price: `"${CARD}"` }),
      /^nothing was sent, because the body is not valid:\n {2}price: /,
    ],
  ])('is not able to do its work with a file that %s, and sends nothing', async (_what, body, said) => {
    if (body !== undefined) await writeFile(file(), body);

    const ended = await edit('--file', file(), '--yes');

    expect(ended).toMatchObject({ name: 'UnableError' });
    expect(describeError(ended)).toMatch(said);
    expect(await system.store.findActions(deadLetterKeyOf(letter))).toEqual([]);
  });
});
