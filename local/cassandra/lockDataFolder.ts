import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { isAlive } from '../isAlive.ts';
import { jsonOf } from '../jsonOf.ts';

/** The process that uses the data. Its Cassandra does not outlive it. */
const ownerSchema = z.object({
  pid: z.int(),
  /**
   * An earlier process may have had our id: in a container this happens at every start. The time tells them
   * apart.
   */
  startedAtMs: z.number(),
});
type Owner = z.infer<typeof ownerSchema>;

/**
 * Locks a data folder, because two Cassandras on the same data would not notice each other. The lock of a
 * process that is gone does not count.
 * @returns a function that gives the lock back. A second call does nothing: another process may have the lock
 * by then.
 * @throws Error that names the process that uses the data.
 */
export const lockDataFolder = async (folder: string): Promise<() => Promise<void>> => {
  const file = join(folder, 'lock');
  const us: Owner = { pid: process.pid, startedAtMs: performance.timeOrigin };
  if (!(await create(file, us))) {
    const holder = await findHolder(file, us);
    if (holder !== undefined) {
      const what = `the data in ${folder} is in use by process ${holder}`;
      throw new Error(`${what}: stop that process first. If it is not Tally, delete ${file}`);
    }
    await rm(file, { force: true });
    if (!(await create(file, us))) throw new Error(`another process took the data in ${folder} just now`);
  }
  let isHeld = true;
  return async () => {
    if (!isHeld) return;
    isHeld = false;
    await rm(file, { force: true }).catch((error: unknown) => {
      isHeld = true;
      throw error;
    });
  };
};

/** False: the file exists already. */
const create = async (file: string, owner: Owner): Promise<boolean> => {
  try {
    await writeFile(file, JSON.stringify(owner), { flag: 'wx' });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
};

/** The id of the process that has the lock, if it still runs. */
const findHolder = async (file: string, us: Owner): Promise<number | undefined> => {
  // A crash may have left half a file.
  const { data: owner } = ownerSchema.safeParse(jsonOf(await readFile(file, 'utf8')));
  if (owner === undefined) return undefined;
  const isOurIdReused = owner.pid === us.pid && owner.startedAtMs !== us.startedAtMs;
  return !isOurIdReused && isAlive(owner.pid) ? owner.pid : undefined;
};

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
