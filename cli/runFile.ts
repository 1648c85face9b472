import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Environment } from '../shared/config.ts';
import { STATE_FOLDER } from './paths.ts';

/** Where `tally up` says how to reach what it runs, for `tally simulate` and `tally audit` in other terminals. */
const RUN_FILE = join(STATE_FOLDER, 'run.json');

const runSchema = z.object({
  pid: z.int().positive(),
  env: z.record(z.string(), z.string()),
  simulateUrl: z.url(),
});

export type Run = z.infer<typeof runSchema>;

export const writeRunFile = (run: Run): Promise<void> =>
  // The environment may hold a password of an external cluster: for this user's eyes only.
  writeFile(RUN_FILE, JSON.stringify(run, undefined, 2), { mode: 0o600 });

export const removeRunFile = (): Promise<void> => rm(RUN_FILE, { force: true });

/** The system that `tally up` runs now; undefined when none does. */
export const readRunFile = async (): Promise<Run | undefined> => {
  let json: string;
  try {
    json = await readFile(RUN_FILE, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const run = runSchema.parse(JSON.parse(json));
  return isAlive(run.pid) ? run : undefined;
};

/** What the user set, else what `tally up` runs. */
export const withRunningSystem = async (env: Environment): Promise<Environment> => {
  if (env.CASSANDRA_CONTACT_POINTS !== undefined) return env;
  return { ...env, ...(await readRunFile())?.env };
};

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    // The signal 0 asks only whether the process is there: https://man7.org/linux/man-pages/man2/kill.2.html
    return false;
  }
};
