import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type RunningProcess, startChildProcess } from '../childProcess.ts';
import { findCassandraJava } from '../findPrograms.ts';
import type { LocalPart } from '../part.ts';
import { assertPortFree, findFreePort, untilPortAnswers } from '../ports.ts';
import { cassandraYaml } from './cassandraYaml.ts';
import { downloadJars, hasCassandraJars, jarFolder } from './downloadJars.ts';
import { cassandraArgs } from './javaFlags.ts';
import { lockDataFolder } from './lockDataFolder.ts';
import { type CassandraOptions, describeNode } from './options.ts';

const LOGBACK = join(import.meta.dirname, 'logback.xml');
const READY_TIMEOUT_MS = 120_000;
/** It needs about 4 s to flush and go. */
const STOP_TIMEOUT_MS = 8_000;

/** A Cassandra of ours; a test may also take it away without warning. */
export interface MavenCassandra extends LocalPart {
  /** SIGKILL. The same options start it again on the same data. */
  readonly kill: () => Promise<void>;
}

/** Apache Cassandra 5.0 itself, from its Maven artifacts, on this machine's Java. */
export const startMavenCassandra = async (
  options: CassandraOptions,
  why: string,
): Promise<MavenCassandra> => {
  const { port, downloadFolder, dataFolder, env, fresh = false, progress } = options;
  const java = await findCassandraJava(env);
  if ('missing' in java) {
    throw new Error(
      `Cassandra from Maven needs Java 17, and there is ${java.missing}: install it, or set JAVA_HOME`,
    );
  }
  await assertPortFree(port, 'Cassandra', '--cassandra-port');
  if (!hasCassandraJars(downloadFolder)) await downloadJars(options);

  await mkdir(dataFolder, { recursive: true });
  const unlock = await lockDataFolder(dataFolder);
  try {
    if (fresh) await rm(join(dataFolder, 'node'), { recursive: true, force: true });
    progress({ step: 'Cassandra', detail: 'starting, about 7 s' });
    const child = await startNode(options, java.found.command);
    const stopWith = async (end: () => Promise<void>): Promise<void> => {
      await end();
      await unlock();
    };
    return {
      ...describeNode(options, 'maven', why),
      died: child.died,
      stop: () => stopWith(child.stop),
      kill: () => stopWith(child.kill),
    };
  } catch (error) {
    await unlock();
    throw error;
  }
};

const startNode = async (
  { port, downloadFolder, logFolder, dataFolder }: CassandraOptions,
  java: string,
): Promise<RunningProcess> => {
  const data = join(dataFolder, 'node');
  const yaml = join(dataFolder, 'cassandra.yaml');
  await writeFile(yaml, cassandraYaml({ data, nativePort: port, storagePort: await findFreePort() }));
  const child = await startChildProcess({
    name: 'Cassandra',
    command: java,
    args: cassandraArgs({ jars: jarFolder(downloadFolder), data, yaml, logback: LOGBACK }),
    cwd: dataFolder,
    env: {},
    logFile: join(logFolder, 'cassandra.log'),
    isReady: (line) => line.includes('Starting listening for CQL clients'),
    readyTimeoutMs: READY_TIMEOUT_MS,
    stopTimeoutMs: STOP_TIMEOUT_MS,
  });
  // It says so a moment before it does so.
  await Promise.race([untilPortAnswers(port), child.died]);
  return child;
};
