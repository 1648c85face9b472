import { execFile } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { openTemporaryFolder } from '../../local/openTemporaryFolder.ts';

const MODULE = pathToFileURL(join(import.meta.dirname, '../../local/openTemporaryFolder.ts')).href;

it('is for this user only, and can be removed at any time', () => {
  const { path, remove } = openTemporaryFolder('test');
  const { mode } = statSync(path);

  remove();

  expect(mode & 0o077).toBe(0);
  expect(existsSync(path)).toBe(false);
});

it('is gone when its process has exited, also with a file in it', async () => {
  const program = [
    `const { openTemporaryFolder } = await import(${JSON.stringify(MODULE)});`,
    `const { path } = openTemporaryFolder('test');`,
    `(await import('node:fs')).writeFileSync(path + '/file', 'a payload');`,
    `console.log(path);`,
  ];

  const { stdout } = await promisify(execFile)(process.execPath, ['--eval', program.join('')]);

  expect(stdout.trim()).toContain('tally-test-');
  expect(existsSync(stdout.trim())).toBe(false);
});
