import { expect, it } from 'vitest';
import { runScript } from '../support/commands/runScript.ts';

it('npm run lint refuses what it does not know, instead of passing for a lint of less', async () => {
  const { exitCode, stderr } = await runScript('test/tidy/lint.ts', ['--nosuch'], { env: process.env });

  expect([exitCode, stderr]).toEqual([2, expect.stringContaining("error: unknown option '--nosuch'")]);
});
