import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Environment, valueIn } from '../shared/config.ts';

/** Java and Maven take seconds for an answer when a laptop has just started. */
const ANSWER_TIMEOUT_MS = 20_000;
/** Cassandra 5.0 runs on these, and on no later version. */
const CASSANDRA_JAVA_VERSIONS: readonly number[] = [11, 17];

interface Java {
  readonly command: string;
  readonly major: number;
}

/** In a few words, what is missing. */
interface Missing {
  readonly missing: string;
  /** It did not answer in time, so it may be there. Default false. */
  readonly isSlow?: boolean;
}

/** What was found, or what is missing. */
export type Found<T> = { readonly found: T } | Missing;

/** Finds the Java of JAVA_HOME, or else the one on the PATH, in any version. */
export const findJava = async (env: Environment): Promise<Found<Java>> => {
  const home = valueIn(env, 'JAVA_HOME');
  const fromHome = home === undefined ? undefined : join(home, 'bin/java');
  const command = fromHome !== undefined && existsSync(fromHome) ? fromHome : 'java';
  const java = await outputOf(command, ['-version'], { env, missing: 'no Java' });
  if ('missing' in java) return java;
  const major = Number(/version "(?:1\.)?(\d+)/.exec(java.found)?.[1]);
  return Number.isNaN(major)
    ? { missing: 'a Java that does not tell its version' }
    : { found: { command, major } };
};

/** Finds a Java that Cassandra runs on. */
export const findCassandraJava = async (env: Environment): Promise<Found<Java>> => {
  const java = await findJava(env);
  if ('missing' in java || CASSANDRA_JAVA_VERSIONS.includes(java.found.major)) return java;
  return { missing: `Java ${java.found.major}, and Cassandra 5.0 runs on 17 or 11 only` };
};

/** Finds Maven on the PATH. */
export const findMaven = async (env: Environment): Promise<Found<string>> => {
  const maven = await outputOf('mvn', ['-version'], { env, missing: 'no Maven' });
  return 'missing' in maven ? maven : { found: 'mvn' };
};

/**
 * Finds a Docker engine that answers, and Docker Compose. A client without an engine does not count.
 * @returns the version of the engine.
 */
export const findDocker = async (env: Environment): Promise<Found<string>> => {
  const info = ['info', '--format', '{{.ServerVersion}}'];
  const engine = await outputOf('docker', info, { env, missing: 'no Docker engine that answers' });
  if ('missing' in engine) return engine;
  const compose = await outputOf('docker', ['compose', 'version'], { env, missing: 'no Docker Compose' });
  return 'missing' in compose ? compose : { found: engine.found.trim() };
};

/** Both outputs of a program. Otherwise it is missing, it failed, or it did not answer in time. */
const outputOf = async (
  command: string,
  args: readonly string[],
  { env, missing }: { readonly env: Environment; readonly missing: string },
): Promise<Found<string>> => {
  try {
    // A program that hangs may not hear a request to end.
    const limits = { timeout: ANSWER_TIMEOUT_MS, killSignal: 'SIGKILL' } as const;
    const { stdout, stderr } = await promisify(execFile)(command, args, { env, ...limits });
    return { found: stdout + stderr };
  } catch (error) {
    // The program cannot be used, for any reason. The caller says what is missing.
    const isSlow = error instanceof Error && 'killed' in error && error.killed === true;
    if (!isSlow) return { missing };
    return { missing: `no answer from ${command} within ${ANSWER_TIMEOUT_MS / 1_000} s`, isSlow };
  }
};
