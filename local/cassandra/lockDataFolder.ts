import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isAlive } from '../isAlive.ts';

/** Who has the data: a `tally` process and, once it runs, its Cassandra, which outlives a `tally` that was killed hard. */
const ownerSchema = z.object({
  pid: z.int(),
  /** Tells us from an earlier process that had our id, as happens in containers at every start. */
  startedAtMs: z.number(),
  cassandraPid: z.int().optional(),
});
type Owner = z.infer<typeof ownerSchema>;

export interface DataFolderLock {
  /** The lock then holds for as long as that process lives, too. */
  readonly setCassandraPid: (cassandraPid: number) => Promise<void>;
  /** May be called twice; the second call leaves alone whoever has the lock by then. */
  readonly release: () => Promise<void>;
}

/**
 * Keeps two Cassandras off the same data, which neither of them would notice. A lock whose processes are gone does not
 * count.
 * @throws Error that names the process which has the data.
 */
export const lockDataFolder = async (folder: string): Promise<DataFolderLock> => {
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
  return {
    setCassandraPid: (cassandraPid) => writeFile(file, JSON.stringify({ ...us, cassandraPid })),
    release: async () => {
      if (!isHeld) return;
      isHeld = false;
      await rm(file, { force: true });
    },
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
  if (!isOurIdReused && isAlive(owner.pid)) return owner.pid;
  return owner.cassandraPid !== undefined && isAlive(owner.cassandraPid) ? owner.cassandraPid : undefined;
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
