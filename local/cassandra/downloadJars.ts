import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startChildProcess } from '../startChildProcess.ts';
import { findMaven } from '../findPrograms.ts';
import { isAlive } from '../isAlive.ts';
import type { CassandraOptions } from './options.ts';

/** The version in `pom.xml`. The folder is named after it, so that a new version is downloaded again. */
const CASSANDRA_VERSION = '5.0.8';
/** How many jars Maven copies. Only the progress shows it. */
const JARS = 100;
const POM = join(import.meta.dirname, 'pom.xml');
const DOWNLOAD_TIMEOUT_MS = 600_000;

/** The folder of the jars, whether they are downloaded or not. */
export const jarFolder = (downloadFolder: string): string =>
  join(downloadFolder, `cassandra-${CASSANDRA_VERSION}`);

/** Whether an earlier run has downloaded everything. */
export const hasCassandraJars = (downloadFolder: string): boolean => existsSync(jarFolder(downloadFolder));

/**
 * Downloads Cassandra with Maven. The folder gets its name only when it is complete: an interrupted download
 * does not count.
 * @throws Error when there is no Maven, or when Maven fails.
 */
export const downloadJars = async ({
  downloadFolder,
  logFolder,
  env,
  progress,
}: CassandraOptions): Promise<void> => {
  const maven = await findMaven(env);
  if ('missing' in maven) {
    throw new Error(
      `Cassandra is not downloaded yet, and there is ${maven.missing}: install Maven, or start Docker`,
    );
  }
  progress({ step: 'Downloading Cassandra', detail: '67 MB, once' });
  await removeInterrupted(downloadFolder);
  const partial = `${jarFolder(downloadFolder)}.${process.pid}.partial`;
  try {
    await mkdir(partial, { recursive: true });
    await copyJars(maven.found, partial, { logFolder, env, progress });
    await rename(partial, jarFolder(downloadFolder)).catch((error: unknown) => {
      // Another run has finished first, and its folder is complete too.
      if (!hasCassandraJars(downloadFolder)) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
};

/** A signal ends the process in the middle of a download. */
const removeInterrupted = async (downloadFolder: string): Promise<void> => {
  await mkdir(downloadFolder, { recursive: true });
  for (const name of await readdir(downloadFolder)) {
    const pid = /^cassandra-.*\.(?<pid>\d+)\.partial$/.exec(name)?.groups?.pid;
    if (pid === undefined || isAlive(Number(pid))) continue;
    await rm(join(downloadFolder, name), { recursive: true, force: true });
  }
};

const copyJars = async (
  maven: string,
  folder: string,
  { logFolder, env, progress }: Pick<CassandraOptions, 'logFolder' | 'env' | 'progress'>,
): Promise<void> => {
  let jars = 0;
  const copying = await startChildProcess({
    name: 'Maven',
    command: maven,
    args: ['-B', '-f', POM, 'dependency:copy-dependencies', `-DoutputDirectory=${folder}`],
    cwd: folder,
    // People set their proxy here.
    env: env.MAVEN_OPTS === undefined ? {} : { MAVEN_OPTS: env.MAVEN_OPTS },
    logFile: join(logFolder, 'maven.log'),
    isReady: (line) => line.includes('BUILD SUCCESS'),
    readyTimeoutMs: DOWNLOAD_TIMEOUT_MS,
    stopTimeoutMs: 5_000,
    onLine: (line) => {
      if (!/^\[INFO\] Copying \S+\.jar/.test(line)) return;
      jars += 1;
      progress({ step: 'Downloading Cassandra', done: Math.min(jars, JARS), total: JARS });
    },
  });
  await copying.stop();
};
