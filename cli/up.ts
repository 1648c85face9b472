import { join } from 'node:path';
import type { CassandraKind } from '../local/cassandra/options.ts';
import type { FaultSettings } from '../local/pubsub/server/faults.ts';
import { portsFrom } from '../local/localPorts.ts';
import type { ConsumeKind } from '../local/consumeKinds.ts';
import { startLocal } from '../local/startLocal.ts';
import type { Environment } from '../shared/config.ts';
import { describeError } from './describeError.ts';
import { formatSystem, readyLine } from './formatSystem.ts';
import { createFunctionReport } from './functionReport.ts';
import { waitForInterrupt } from './waitForInterrupt.ts';
import { LOG_FOLDER, STATE_FOLDER } from './paths.ts';
import { createProgress } from './progress.ts';
import { readRunFile, removeRunFile, writeRunFile } from './runFile.ts';
import { type PubSubKind } from '../local/pubsub/pubSubKinds.ts';

interface UpOptions {
  readonly cassandra: CassandraKind | undefined;
  readonly pubsub: PubSubKind | undefined;
  readonly pubsubFaults: FaultSettings | undefined;
  readonly consume: ConsumeKind;
  readonly fresh: boolean;
  readonly json: boolean;
  readonly cassandraPort: number;
  readonly pubsubPort: number;
  readonly functionsPort: number;
}

/**
 * Starts everything, says where it runs, stays until a signal comes or a part dies, then stops everything.
 */
export const up = async (options: UpOptions, env: Environment): Promise<void> => {
  const { interrupted, orInterrupted } = waitForInterrupt();
  const report = createFunctionReport({ logFolder: LOG_FOLDER });
  const system = await orInterrupted(
    startLocal({
      cassandra: options.cassandra,
      pubsub: options.pubsub,
      pubsubFaults: options.pubsubFaults,
      consume: options.consume,
      fresh: options.fresh,
      ports: portsFrom(options.cassandraPort, options.pubsubPort, options.functionsPort),
      downloadFolder: STATE_FOLDER,
      logFolder: LOG_FOLDER,
      dataFolder: join(STATE_FOLDER, 'cassandra'),
      env,
      progress: createProgress(options.json ? 'json' : 'text'),
      onFunctionLine: report.onLine,
    }).catch(explainFailure),
  );
  try {
    await writeRunFile({ pid: process.pid, env: system.env, simulateUrl: system.functionUrls.simulate });
    console.log(options.json ? readyLine(system) : formatSystem(system, LOG_FOLDER));
    await Promise.race([interrupted, system.died]);
  } finally {
    console.error('stopping …');
    await removeRunFile();
    await system.stop();
    report.end();
  }
};

/** The usual reason why a port or the data are taken is that `tally up` runs already. */
const explainFailure = async (cause: unknown): Promise<never> => {
  // The error of a damaged file would hide this one. The next start replaces the file.
  const running = await readRunFile().catch(() => undefined);
  const holder = running === undefined ? undefined : `process ${running.pid}`;
  if (holder === undefined || !describeError(cause).includes(holder)) throw cause;
  throw new Error(`a system runs here already, as ${holder}`, { cause });
};
