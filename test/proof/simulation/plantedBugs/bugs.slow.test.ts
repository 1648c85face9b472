import { describe, expect, it } from 'vitest';
import { catchBug } from '../../../../proof/simulation/plantedBugs/catchBug.ts';
import { PLANTED_BUGS } from '../../../../proof/simulation/plantedBugs/plantedBugs.ts';

const SEEDS_MAX = 1_000;
/** The rarest bug needs hundreds of runs, and the machine may be slow. */
const TIMEOUT_MS = 300_000;

describe('the simulation sees', () => {
  it.each(PLANTED_BUGS.map(({ name }) => name))(
    '%s',
    async (name) => {
      expect(await catchBug(name, SEEDS_MAX)).toMatchObject({ name });
    },
    TIMEOUT_MS,
  );
});
