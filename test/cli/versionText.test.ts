import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { versionText } from '../../cli/versionText.ts';

it('the version is the one of package.json, with the commit and the Node that runs it', async () => {
  const manifest = await readFile(join(import.meta.dirname, '../../package.json'), 'utf8');
  const { version }: { version: string } = JSON.parse(manifest);

  // A copy of the project that is not a clone has no commit.
  expect(versionText()).toMatch(
    /^tally \d+\.\d+\.\d+(?:, commit [0-9a-f]{7,}(?:-dirty)?)?, Node \d+\.\d+\.\d+$/,
  );
  expect(versionText()).toContain(`tally ${version}`);
  expect(versionText()).toContain(`Node ${process.versions.node}`);
});
