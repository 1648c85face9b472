import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openProcessLog } from '../../local/openProcessLog.ts';
import { until } from '../../proof/until.ts';

/** A disk that is full: https://man7.org/linux/man-pages/man4/full.4.html */
const FULL = '/dev/full';

it.skipIf(!existsSync(FULL))(
  'writes again after the disk was full, and says where lines are missing',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tally-log-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'onOrder.log');
    await symlink(FULL, file);
    const log = await openProcessLog(file);
    log.write('a line that does not fit');
    await until('an error', () => log.lastLines().some((line) => line.includes('ENOSPC')));
    await rm(file);

    const written = await until('a line in the file', async () => {
      log.write('a later line');
      return existsSync(file) && (await readFile(file, 'utf8')).includes('a later line')
        ? readFile(file, 'utf8')
        : undefined;
    });

    expect(written).toContain('(lines are missing here: the log could not be written)\na later line\n');
    log.close();
  },
);
