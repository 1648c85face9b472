import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { catchBug } from '../../../../proof/simulation/plantedBugs/catchBug.ts';
import { PLANTED_BUGS } from '../../../../proof/simulation/plantedBugs/plantedBugs.ts';

/** Each twentieth: some of most kinds. `bugs.slow.test.ts` plants them all. */
const SLICE = PLANTED_BUGS.filter((_, index) => index % 20 === 1);
const SEEDS_MAX = 1_000;
/** The rarest bug needs hundreds of runs, which takes minutes on a busy machine. */
const TIMEOUT_MS = 300_000;

const PROJECT_FOLDER = join(import.meta.dirname, '../../../..');

describe('a planted bug', () => {
  it.each(PLANTED_BUGS)('finds its text exactly once in its file: $name', (bug) => {
    for (const { file, find } of [bug, ...(bug.also ?? [])]) {
      const text = readFileSync(join(PROJECT_FOLDER, file), 'utf8');

      expect(text.split(find)).toHaveLength(2);
    }
  });
});

describe('the simulation catches', () => {
  it('at least sixty bugs with different names', () => {
    expect(new Set(PLANTED_BUGS.map(({ name }) => name)).size).toBe(PLANTED_BUGS.length);
    expect(PLANTED_BUGS.length).toBeGreaterThanOrEqual(60);
  });

  it.each(SLICE.map(({ name }) => name))(
    '%s',
    async (name) => {
      expect(await catchBug(name, SEEDS_MAX)).toMatchObject({ name });
    },
    TIMEOUT_MS,
  );
});
