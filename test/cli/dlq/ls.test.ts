import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { invalidLetter } from '../../support/commands/invalidLetter.ts';
import { startMemorySystem } from '../../support/commands/memorySystem.ts';

describe('tally dlq ls', () => {
  let system: Awaited<ReturnType<typeof startMemorySystem>>;
  beforeEach(async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    system = await startMemorySystem();
    for (const number of [1, 2, 3]) await system.store.recordDeadLetter(invalidLetter(number));
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await system.stop();
  });
  const ls = (...words: readonly string[]) => system.run(['dlq', 'ls', ...words]);

  it('says of a page behind the last one that there is none', async () => {
    expect(await ls('--no-json', '--page', '2')).toMatch(/\n\nThere is no page 2: the last one is 1\.$/);
    expect(await ls('--no-json', '--page', '2', '--order', '7')).toMatch(/There is no page 2: the last one/);
  });

  it.each([
    [['--page', '2'], 0, { total: 3, page: 2, pages: 1 }],
    [['--page', '2', '--limit', '2'], 1, { total: 3, page: 2, pages: 2 }],
  ])('says in JSON which page it is, and of how many: %j', async (words, rows, last) => {
    const lines = (await ls('--json', ...words)).split('\n').map((line) => JSON.parse(line));

    expect(lines).toHaveLength(rows + 1);
    expect(lines.at(-1)).toMatchObject(last);
  });

  it('says nothing of pages in JSON where no row is asked for', async () => {
    expect(Object.keys(JSON.parse(await ls('--json', '--limit', '0')))).not.toContain('pages');
  });
});
