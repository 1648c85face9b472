import { describe, expect, it } from 'vitest';
import { useMemorySystem } from '../../support/commands/useMemorySystem.ts';

describe('tally dlq ls', () => {
  const system = useMemorySystem([1, 2, 3]);
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
