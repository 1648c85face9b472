import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Environment, valueIn } from '../shared/config.ts';

/** A program that answers later than this counts as missing. */
const ANSWER_TIMEOUT_MS = 5_000;
/** Cassandra 5.0 runs on these, and on no later version. */
const CASSANDRA_JAVA_VERSIONS: readonly number[] = [11, 17];

interface Java {
  readonly command: string;
  readonly major: number;
}

/** What was found; or, in a few words, what is missing. */
type Found<T> = { readonly found: T } | { readonly missing: string };

/** Finds the Java of JAVA_HOME, or else the one on the PATH, in any version. */
export const findJava = async (env: Environment): Promise<Found<Java>> => {
  const home = valueIn(env, 'JAVA_HOME');
  const fromHome = home === undefined ? undefined : join(home, 'bin/java');
  const command = fromHome !== undefined && existsSync(fromHome) ? fromHome : 'java';
  const output = await outputOf(command, ['-version'], env);
  if (output === undefined) return { missing: 'no Java' };
  const major = Number(/version "(?:1\.)?(\d+)/.exec(output)?.[1]);
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
export const findMaven = async (env: Environment): Promise<Found<string>> =>
  (await outputOf('mvn', ['-version'], env)) === undefined ? { missing: 'no Maven' } : { found: 'mvn' };

/** Finds a Docker engine that answers. A client without an engine does not count. */
export const findDocker = async (env: Environment): Promise<Found<string>> => {
  const version = await outputOf('docker', ['info', '--format', '{{.ServerVersion}}'], env);
  return version === undefined ? { missing: 'no Docker engine that answers' } : { found: version.trim() };
};

/** Both outputs of a program. Undefined: it is missing, it failed, or it did not answer in time. */
const outputOf = async (
  command: string,
  args: readonly string[],
  env: Environment,
): Promise<string | undefined> => {
  try {
    const { stdout, stderr } = await promisify(execFile)(command, args, { env, timeout: ANSWER_TIMEOUT_MS });
    return stdout + stderr;
  } catch {
    // The program cannot be used, for any reason. The caller says what is missing.
    return undefined;
  }
};
