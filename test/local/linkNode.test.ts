import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const SCRIPT = join(import.meta.dirname, '../../local/linkNode.mjs');
const OURS = `node-${process.platform}-${process.arch}`;

describe('the end of npm ci', () => {
  let folder = '';
  const run = () => promisify(execFile)(process.execPath, [join(folder, 'local/linkNode.mjs')]);
  const link = () => readlink(join(folder, 'node_modules/.bin/node'));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tally-link-'));
    await cp(SCRIPT, join(folder, 'local/linkNode.mjs'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('puts the Node of this processor on the path of npm scripts, also a second time', async () => {
    await mkdir(join(folder, 'node_modules', OURS, 'bin'), { recursive: true });
    await writeFile(join(folder, 'node_modules', OURS, 'bin/node'), '');

    await run();
    await run();

    expect(await link()).toBe(`../${OURS}/bin/node`);
  });

  it('leaves a machine without such a package to its own Node 24', async () => {
    await run();

    await expect(link()).rejects.toThrow('ENOENT');
  });
});
