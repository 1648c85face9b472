import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isAlive } from '../local/isAlive.ts';
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

/**
 * The system that `tally up` runs now; undefined when none does.
 * @throws Error when the file is not as `tally up` writes it.
 */
export const readRunFile = async (file = RUN_FILE): Promise<Run | undefined> => {
  let json: string;
  try {
    json = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const run = parseRun(json);
  if (run === undefined) throw new Error(`${file} is not as "tally up" writes it: delete it, or start again`);
  return isAlive(run.pid) ? run : undefined;
};

const parseRun = (json: string): Run | undefined => {
  try {
    return runSchema.parse(JSON.parse(json));
  } catch {
    // Neither error is for a person, and the file may hold a password.
    return undefined;
  }
};

/**
 * What the user set, else what `tally up` runs. An empty variable is an unset one, as in the configuration.
 * @throws Error when there is neither.
 */
export const withRunningSystem = async (env: Environment, file = RUN_FILE): Promise<Environment> => {
  const isSet = (name: string): boolean => (env[name] ?? '').trim() !== '';
  if (isSet('CASSANDRA_CONTACT_POINTS') || isSet('TALLY_MEMORY_STORE_URL')) return env;
  const run = await readRunFile(file);
  if (run === undefined) {
    throw new Error('no system runs here: start one with "npm start", or set CASSANDRA_CONTACT_POINTS');
  }
  return { ...run.env, ...Object.fromEntries(Object.entries(env).filter(([name]) => isSet(name))) };
};
