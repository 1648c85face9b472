import { join } from 'node:path';
import { createLocalFeed, type LocalFeed } from '../console/feed/localFeed.ts';
import { sayBug } from '../console/sayBug.ts';
import { createLiveSums } from '../console/sums/liveSums.ts';
import { startTraces } from '../console/feed/startTraces.ts';
import type { CassandraKind } from '../local/cassandra/options.ts';
import type { FaultSettings } from '../local/pubsub/server/faults.ts';
import { portsFrom } from '../local/localPorts.ts';
import type { ConsumeKind } from '../local/consumeKinds.ts';
import type { LocalPart } from '../local/localPart.ts';
import { choosePubSub } from '../local/pubsub/startPubSub.ts';
import { type LocalSystem, startLocal } from '../local/startLocal.ts';
import { type Environment, loadConfig, valueIn } from '../shared/config.ts';
import { explainDeath } from './explainDeath.ts';
import { formatSystem, readyLine } from './formatSystem.ts';
import { createFunctionReport } from './functionReport.ts';
import { waitForInterrupt } from './waitForInterrupt.ts';
import { logFiles } from './logSearch.ts';
import { LOG_FOLDER, RUN_FOLDER, STATE_FOLDER } from './paths.ts';
import { openConsole } from './openConsole.ts';
import { operatorOf } from './operatorOf.ts';
import { createProgress } from './progress.ts';
import { refuseSecondSystem, removeRunFile, writeRunFile } from './runFile.ts';
import { stopInOrder } from './stopInOrder.ts';
import { type PubSubKind } from '../local/pubsub/pubSubKinds.ts';

interface UpOptions {
  readonly cassandra: CassandraKind | undefined;
  readonly pubsub: PubSubKind | undefined;
  readonly pubsubFaults: FaultSettings | undefined;
  readonly consume: ConsumeKind;
  readonly fresh: boolean;
  /** Whether the functions send their spans to this process, for the page. */
  readonly traces: boolean;
  readonly json: boolean;
  readonly cassandraPort: number;
  readonly pubsubPort: number;
  readonly functionsPort: number;
  readonly consolePort: number;
}

/**
 * Starts everything, says where it runs, stays until a signal comes or a part dies, then stops everything.
 */
export const up = async (options: UpOptions, env: Environment): Promise<void> => {
  const { interrupted, orInterrupted } = waitForInterrupt();
  const operator = operatorOf(env);
  const report = createFunctionReport({ logFolder: LOG_FOLDER });
  const pubsub = choosePubSub({ kind: options.pubsub, env });
  const feed = createLocalFeed({ clock: Date.now, isWitnessed: pubsub === 'local' });
  await refuseSecondSystem();
  if (options.traces) refuseSecondCollector(env);
  const traces = options.traces ? await startTraces() : undefined;
  const system = await orInterrupted(
    startLocal({
      cassandra: options.cassandra,
      pubsub: options.pubsub,
      pubsubFaults: options.pubsubFaults,
      consume: options.consume,
      fresh: options.fresh,
      ports: portsFrom(options.cassandraPort, options.pubsubPort, options.functionsPort),
      otherPorts: [{ port: options.consolePort, purpose: 'the console', option: '--console-port' }],
      downloadFolder: STATE_FOLDER,
      logFolder: LOG_FOLDER,
      dataFolder: join(RUN_FOLDER, 'cassandra'),
      env: traces === undefined ? env : { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: traces.endpoint },
      progress: createProgress(options.json ? 'json' : 'text'),
      onCassandraDied: (error) => console.error(explainDeath(error, pubsub)),
      onFunctionLine: (name, line) => {
        report.onLine(name, line);
        feed.onFunctionLine(name, line);
      },
      witness: feed.witness,
    }),
  );
  let page: Awaited<ReturnType<typeof openLocalConsole>> | undefined;
  try {
    const { consolePort: port, consume } = options;
    page = await openLocalConsole({ system, feed, traces, port, operator, isPulled: consume === 'pull' });
    const { simulate: simulateUrl } = system.functionUrls;
    await writeRunFile({ pid: process.pid, env: system.env, simulateUrl, console: page.url });
    console.log(
      options.json
        ? readyLine(system, page.url)
        : formatSystem({
            system,
            consoleUrl: page.url,
            logFolder: LOG_FOLDER,
            runFolder: env.TALLY_RUN_FOLDER,
          }),
    );
    await Promise.race([interrupted, system.died]);
  } finally {
    console.error('stopping …');
    await stopInOrder([
      removeRunFile,
      async () => page?.stop(),
      feed.stop,
      system.stop,
      async () => traces?.stop(),
      report.end,
    ]);
  }
};

interface LocalConsoleOptions {
  readonly system: LocalSystem;
  readonly feed: LocalFeed;
  readonly traces: Awaited<ReturnType<typeof startTraces>> | undefined;
  readonly port: number;
  readonly operator: string;
  readonly isPulled: boolean;
}

/** The page is in this process, because only this process sees each message of its system. */
const openLocalConsole = ({ system, feed, traces, port, operator, isPulled }: LocalConsoleOptions) =>
  openConsole({
    config: loadConfig(system.env),
    port,
    place: {
      environment: 'local',
      isPulled,
      project: system.projectId,
      keyspace: system.keyspace === '' ? 'none' : system.keyspace,
      cluster: addressOf(system.cassandra),
      pubsub: addressOf(system.pubsub),
    },
    operator,
    feed,
    traces,
    sumsOf: (source) =>
      createLiveSums({
        source,
        books: feed.books,
        clock: Date.now,
        onChanged: () => feed.changed('sums'),
        onAnswer: feed.storeAnswered,
        onBug: sayBug,
      }),
    local: {
      simulateUrl: system.functionUrls.simulate,
      logFiles: logFiles(),
      cassandra: system.cassandra,
      pubsub: system.pubsub,
      switches: system.switches,
    },
  });

const addressOf = ({ kind, address }: LocalPart): string =>
  kind === 'memory' ? 'none, in memory' : `${address} (${kind})`;

/** Spans go to one place. */
const refuseSecondCollector = (env: Environment): void => {
  if (valueIn(env, 'OTEL_EXPORTER_OTLP_ENDPOINT') === undefined) return;
  throw new Error(
    '--traces sends the spans of the functions to the page, and OTEL_EXPORTER_OTLP_ENDPOINT sends them ' +
      'elsewhere: use one of them',
  );
};
