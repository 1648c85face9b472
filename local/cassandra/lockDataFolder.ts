import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isAlive } from '../isAlive.ts';

/** The process that has the data. Its Cassandra does not outlive it. */
const ownerSchema = z.object({
  pid: z.int(),
  /** Tells us from an earlier process that had our id, as happens in containers at every start. */
  startedAtMs: z.number(),
});
type Owner = z.infer<typeof ownerSchema>;

/**
 * Keeps two Cassandras off the same data, which neither of them would notice. A lock whose process is gone does not
 * count.
 * @returns what gives the lock back. It may be called twice; the second call leaves alone whoever has the lock by then.
 * @throws Error that names the process which has the data.
 */
export const lockDataFolder = async (folder: string): Promise<() => Promise<void>> => {
  const file = join(folder, 'lock');
  const us: Owner = { pid: process.pid, startedAtMs: performance.timeOrigin };
  if (!(await create(file, us))) {
    const holder = await findHolder(file, us);
    if (holder !== undefined) {
      const what = `the data in ${folder} is in use by process ${holder}`;
      throw new Error(`${what}: stop that first; should it be something else than Tally, delete ${file}`);
    }
    await rm(file, { force: true });
    if (!(await create(file, us))) throw new Error(`another process took the data in ${folder} just now`);
  }
  let isHeld = true;
  return async () => {
    if (!isHeld) return;
    isHeld = false;
    await rm(file, { force: true });
  };
};

/** False when the file is there already. */
const create = async (file: string, owner: Owner): Promise<boolean> => {
  try {
    await writeFile(file, JSON.stringify(owner), { flag: 'wx' });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
};

/** The living process that has the lock. */
const findHolder = async (file: string, us: Owner): Promise<number | undefined> => {
  const { data: owner } = ownerSchema.safeParse(parse(await readFile(file, 'utf8')));
  if (owner === undefined) return undefined;
  const isOurIdReused = owner.pid === us.pid && owner.startedAtMs !== us.startedAtMs;
  return !isOurIdReused && isAlive(owner.pid) ? owner.pid : undefined;
};

/** Undefined for a file that a crash left half-written. */
const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
