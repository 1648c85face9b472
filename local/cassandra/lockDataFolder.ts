import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from '../isAlive.ts';

/**
 * Keeps two systems off the same data. A lock whose process is gone does not count.
 * @returns what gives the lock back.
 * @throws Error that names the process which has the data.
 */
export const lockDataFolder = async (folder: string): Promise<() => Promise<void>> => {
  const file = join(folder, 'lock');
  const owner = await readOwner(file);
  if (owner !== undefined && owner !== process.pid && isAlive(owner)) {
    throw new Error(
      `the data in ${folder} is in use by process ${owner}: stop it first (Ctrl-C where it runs)`,
    );
  }
  await writeFile(file, String(process.pid));
  return () => rm(file, { force: true });
};

const readOwner = async (file: string): Promise<number | undefined> => {
  try {
    return Number.parseInt(await readFile(file, 'utf8'), 10);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
};
