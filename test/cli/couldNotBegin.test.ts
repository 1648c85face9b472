import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runTally } from '../support/commands/runScript.ts';

describe('a command where no system runs and no variable names one', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tally-test-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each(['replay --since 1h', 'retention', 'console', 'dlq ls'])(
    'is not able to do its work, and says what is missing: tally %s',
    async (words) => {
      const env = { PATH: process.env.PATH, TALLY_RUN_FOLDER: folder };

      const { exitCode, stdout, stderr } = await runTally(words.split(' '), { env });

      expect([exitCode, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(/^tally: could not begin: no system runs here: start one with "npm start", or/);
    },
  );
});
