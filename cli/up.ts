import { join } from 'node:path';
import type { CassandraKind } from '../local/cassandra/options.ts';
import type { FaultSettings } from '../local/pubsub/server/faults.ts';
import { portsFrom } from '../local/localPorts.ts';
import { startLocal } from '../local/startLocal.ts';
import type { Environment } from '../shared/config.ts';
import { formatSystem, readyLine } from './formatSystem.ts';
import { waitForInterrupt } from './waitForInterrupt.ts';
import { LOG_FOLDER, STATE_FOLDER } from './paths.ts';
import { createProgress } from './progress.ts';
import { removeRunFile, writeRunFile } from './runFile.ts';
import { type PubSubKind } from '../local/pubsub/pubSubKinds.ts';

interface UpOptions {
  readonly cassandra: CassandraKind | undefined;
  readonly pubsub: PubSubKind | undefined;
  readonly pubsubFaults: FaultSettings | undefined;
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
  const system = await orInterrupted(
    startLocal({
      cassandra: options.cassandra,
      pubsub: options.pubsub,
      pubsubFaults: options.pubsubFaults,
      fresh: options.fresh,
      ports: portsFrom(options.cassandraPort, options.pubsubPort, options.functionsPort),
      downloadFolder: STATE_FOLDER,
      logFolder: LOG_FOLDER,
      dataFolder: join(STATE_FOLDER, 'cassandra'),
      env,
      progress: createProgress(options.json ? 'json' : 'text'),
      onFunctionLine: printTrouble,
    }),
  );
  try {
    await writeRunFile({ pid: process.pid, env: system.env, simulateUrl: system.functionUrls.simulate });
    console.log(options.json ? readyLine(system) : formatSystem(system, LOG_FOLDER));
    await Promise.race([interrupted, system.died]);
    console.error('stopping …');
  } finally {
    await removeRunFile();
    await system.stop();
  }
};

/** All lines go to the log files. What an operator must know is shown as it happens, too. */
const printTrouble = (name: string, line: string): void => {
  if (/"severity":"(?:WARNING|ERROR|CRITICAL)"/.test(line)) console.error(`${name}: ${line}`);
};
