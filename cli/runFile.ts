import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { isAlive } from '../local/isAlive.ts';
import { jsonOf } from '../local/jsonOf.ts';
import { type Environment, valueIn } from '../shared/config.ts';
import { RUN_FOLDER } from './paths.ts';

/** Where `tally up` says how to reach what it runs. The commands in other terminals read it. */
const RUN_FILE = join(RUN_FOLDER, 'run.json');

/** Far longer than the page of a busy system takes. */
const PAGE_TIMEOUT_MS = 5_000;

const runSchema = z.object({
  pid: z.int().positive(),
  env: z.record(z.string(), z.string()),
  simulateUrl: z.url(),
  /** Where the live page is. */
  console: z.url(),
});

type Run = z.infer<typeof runSchema>;

export const writeRunFile = (run: Run): Promise<void> =>
  // The environment may hold the password of an external cluster, so nobody else may read the file.
  writeFile(RUN_FILE, JSON.stringify(run, undefined, 2), { mode: 0o600 });

export const removeRunFile = (): Promise<void> => rm(RUN_FILE, { force: true });

/**
 * Two systems in one folder would write the same logs, and the commands would reach the one that began last.
 * A file that a killed system left is replaced by the next start, so only a page that answers counts.
 * @throws Error when a system runs here.
 */
export const refuseSecondSystem = async (file = RUN_FILE): Promise<void> => {
  const run = await readRunFile(file).catch(() => undefined);
  if (run === undefined || !(await doesAnswer(run.console))) return;
  throw new Error(
    `a system runs here already (process ${run.pid}, ${run.console}): stop it, or set TALLY_RUN_FOLDER to another folder`,
  );
};

const doesAnswer = async (url: string): Promise<boolean> => {
  try {
    const { body } = await fetch(url, { signal: AbortSignal.timeout(PAGE_TIMEOUT_MS) });
    await body?.cancel();
    return true;
  } catch {
    return false;
  }
};

/**
 * The system that `tally up` runs now; undefined when it does not run.
 * @throws Error when the file is damaged.
 */
export const readRunFile = async (file = RUN_FILE): Promise<Run | undefined> => {
  let json: string;
  try {
    json = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  // The error of the schema would quote the file, which may hold a password.
  const run = runSchema.safeParse(jsonOf(json)).data;
  if (run === undefined) throw new Error(`${file} is damaged: delete it, then start "tally up" again`);
  return isAlive(run.pid) ? run : undefined;
};

/** Each of them says by itself where the store is. */
const STORE_VARIABLES = [
  'CASSANDRA_CONTACT_POINTS',
  'CASSANDRA_SECURE_CONNECT_BUNDLE',
  'TALLY_MEMORY_STORE_URL',
];

/** Whether a command uses the system that runs here, because no variable says where the store is. */
export const isRunningSystemUsed = (env: Environment): boolean =>
  !STORE_VARIABLES.some((name) => isSet(env, name));

/**
 * The environment of a command that uses the store: what the user set, else what `tally up` runs. An empty
 * variable is an unset one, as in the configuration.
 * @throws Error when there is neither.
 */
export const withRunningSystem = async (env: Environment, file = RUN_FILE): Promise<Environment> => {
  if (!isRunningSystemUsed(env)) return env;
  return (
    (await withRunOf(file, env)) ?? refuse('CASSANDRA_CONTACT_POINTS or CASSANDRA_SECURE_CONNECT_BUNDLE')
  );
};

/**
 * The environment of a command that uses Pub/Sub and no store. An emulator that the user names comes first,
 * then what `tally up` runs. Google Cloud comes last: GOOGLE_CLOUD_PROJECT is set in many shells, and says
 * nothing about intent.
 * @throws Error when there is none of them.
 */
export const withRunningPubSub = async (env: Environment, file = RUN_FILE): Promise<Environment> => {
  if (isSet(env, 'PUBSUB_EMULATOR_HOST')) return env;
  const running = await withRunOf(file, env);
  if (running !== undefined) return running;
  return isSet(env, 'GOOGLE_CLOUD_PROJECT') ? env : refuse('PUBSUB_EMULATOR_HOST or GOOGLE_CLOUD_PROJECT');
};

/**
 * The variables of the running system, each replaced by the one that the user has set; undefined when none
 * runs.
 */
const withRunOf = async (file: string, env: Environment): Promise<Environment | undefined> => {
  const run = await readRunFile(file);
  if (run === undefined) return undefined;
  return { ...run.env, ...Object.fromEntries(Object.entries(env).filter(([name]) => isSet(env, name))) };
};

export const isSet = (env: Environment, name: string): boolean => valueIn(env, name) !== undefined;

const refuse = (variables: string): never => {
  throw new Error(`no system runs here: start one with "npm start", or set ${variables}`);
};
