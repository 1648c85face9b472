import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CassandraConfig, loadConfig } from '../../shared/config.ts';
import { type RunningProcess, startChildProcess } from '../startChildProcess.ts';
import { findCassandraJava } from '../findPrograms.ts';
import type { LocalPart } from '../localPart.ts';
import { assertPortFree, findFreePort } from '../ports.ts';
import { cassandraYaml } from './cassandraYaml.ts';
import { downloadJars, hasCassandraJars, jarFolder } from './downloadJars.ts';
import { cassandraArgs } from './cassandraArgs.ts';
import { lockDataFolder } from './lockDataFolder.ts';
import { type CassandraOptions, type ClusterPlace, describeNode } from './options.ts';
import { untilCqlAnswers } from './untilCqlAnswers.ts';

const LOGBACK = join(import.meta.dirname, 'logback.xml');
const READY_TIMEOUT_MS = 120_000;
/** Cassandra takes about 4 s to flush its data and to end. */
const STOP_TIMEOUT_MS = 8_000;

/**
 * A test may also kill this Cassandra, or freeze it, without warning. After a `kill` the same options start
 * it again on the same data.
 */
type MavenCassandra = LocalPart & Pick<RunningProcess, 'pid' | 'kill' | 'freeze' | 'thaw'>;

/**
 * Starts Apache Cassandra 5.0 from its Maven artifacts, with the Java of this machine.
 * @throws Error that says what to do. There is no Java 17 or 11; there is no Maven for the download; the port
 * or the data are in use; or Cassandra does not start, and the error holds the end of its log.
 */
export const startMavenCassandra = async (
  options: CassandraOptions,
  why: string,
): Promise<MavenCassandra> => {
  const { port, place, downloadFolder, dataFolder, env, fresh = false, progress } = options;
  const java = await findCassandraJava(env);
  if ('missing' in java) {
    throw new Error(
      `Cassandra from Maven needs Java 17, and there is ${java.missing}: install it, or set JAVA_HOME`,
    );
  }
  if (!hasCassandraJars(downloadFolder)) await downloadJars(options);

  await mkdir(dataFolder, { recursive: true });
  const unlock = await lockDataFolder(dataFolder);
  try {
    if (place === undefined) await assertPortFree(port, 'Cassandra', '--cassandra-port');
    if (fresh) await rm(join(dataFolder, 'node'), { recursive: true, force: true });
    progress({ step: 'Cassandra', detail: 'starting, about 7 s' });
    const part = describeNode(options, 'maven', why);
    const { store } = loadConfig(part.env);
    if (store.kind !== 'cassandra') throw new Error(`expected a Cassandra, got ${store.kind}`);
    const child = await startNode(options, java.found.command, store);
    const stopWith = async (end: () => Promise<void>): Promise<void> => {
      await end();
      await unlock();
    };
    return {
      ...part,
      pid: child.pid,
      died: child.died,
      stop: () => stopWith(child.stop),
      kill: () => stopWith(child.kill),
      freeze: child.freeze,
      thaw: child.thaw,
    };
  } catch (error) {
    await unlock();
    throw error;
  }
};

const placeAlone = async (): Promise<ClusterPlace> => ({
  address: '127.0.0.1',
  storagePort: await findFreePort(),
  seeds: ['127.0.0.1'],
  initialToken: 0n,
  heapMiB: 512,
});

const startNode = async (
  { port, place, downloadFolder, logFolder, dataFolder, tuning }: CassandraOptions,
  java: string,
  config: CassandraConfig,
): Promise<RunningProcess> => {
  const data = join(dataFolder, 'node');
  const yaml = join(dataFolder, 'cassandra.yaml');
  const { heapMiB, ...node } = place ?? (await placeAlone());
  await writeFile(yaml, cassandraYaml({ data, nativePort: port, tuning, ...node }));
  const listening = Promise.withResolvers<void>();
  return startChildProcess({
    name: 'Cassandra',
    command: java,
    args: cassandraArgs({ jars: jarFolder(downloadFolder), data, yaml, logback: LOGBACK, heapMiB, tuning }),
    cwd: dataFolder,
    env: {},
    logFile: join(logFolder, 'cassandra.log'),
    onLine: (line) => {
      if (line.includes('Starting listening for CQL clients')) listening.resolve();
    },
    isReady: {
      // Cassandra prints this line a moment before it listens.
      wait: async (signal) => {
        await listening.promise;
        await untilCqlAnswers(config, { signal });
      },
    },
    readyTimeoutMs: READY_TIMEOUT_MS,
    stopTimeoutMs: STOP_TIMEOUT_MS,
  });
};
