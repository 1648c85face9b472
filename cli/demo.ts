import type { Scenario } from './scenarios.ts';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import type { CassandraKind } from '../local/cassandra/options.ts';
import type { Progress } from '../local/progress.ts';
import type { FaultSettings } from '../local/pubsub/server/faults.ts';
import { createSettlementWatch, type SettlementWatch } from '../local/settlementWatch.ts';
import { openTemporaryFolder } from '../local/openTemporaryFolder.ts';
import { findFreePorts } from '../local/localPorts.ts';
import { type LocalSystem, startLocal } from '../local/startLocal.ts';
import { audit, type AuditReport } from '../shared/audit/audit.ts';
import { type Expectation, parseExpectation } from '../shared/audit/expectation.ts';
import { type Environment, loadConfig } from '../shared/config.ts';
import { openAuditSource } from '../shared/store/openAuditSource.ts';
import { AuditFailedError, isClean } from './audit.ts';
import { explainTraffic } from './explainTraffic.ts';
import { formatReport } from './formatReport.ts';
import { noticesOf } from './formatSystem.ts';
import { untilAsExpected } from './untilAsExpected.ts';
import { waitForInterrupt } from './waitForInterrupt.ts';
import { DEMO_LOG_FOLDER, STATE_FOLDER } from './paths.ts';
import { createProgress } from './progress.ts';
import { postSimulate } from './simulate.ts';
import { toJsonLine } from './toJsonLine.ts';
import { wrapText } from './wrapText.ts';
import { type PubSubKind } from '../local/pubsub/pubSubKinds.ts';

interface DemoOptions {
  readonly scenario: Scenario;
  readonly cassandra: CassandraKind | undefined;
  readonly pubsub: PubSubKind | undefined;
  readonly pubsubFaults: FaultSettings | undefined;
  readonly json: boolean;
}

/** The reference takes 500 seconds; at this scale they take five. */
const TIME_SCALE = 100;
const SIMULATE_TIMEOUT_MS = 60_000;
/** Google's emulator pushes two at a time; the largest scenario makes about 1,250 pushes. */
const SETTLE_TIMEOUT_MS = 180_000;
const LOOK_EVERY_MS = 100;
/** A dead letter that fails comes again after ten seconds. */
const PATIENCE_MS = 15_000;

/**
 * Starts a system for this run only, sends it the traffic of the reference, waits until every message is
 * settled, audits the tables and prints the result.
 * @throws AuditFailedError when the result is not exactly right.
 */
export const demo = async (options: DemoOptions, env: Environment): Promise<void> => {
  const { orInterrupted } = waitForInterrupt();
  // It goes at the end, because after a signal Cassandra writes into it until this process ends.
  const { path: dataFolder } = openTemporaryFolder('demo');
  const startedAt = performance.now();
  const result = await orInterrupted(runScenario(options, env, dataFolder));
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  console.log(options.json ? toJson(result, seconds) : format(result, seconds));
  if (!isClean(result.report)) throw new AuditFailedError(`scenario ${options.scenario} ended wrong`);
};

interface DemoResult {
  readonly scenario: Scenario;
  readonly cassandra: string;
  readonly pubsub: string;
  readonly notices: readonly string[];
  readonly published: z.infer<typeof publishedSchema>;
  readonly expectation: Expectation;
  readonly report: AuditReport;
}

const publishedSchema = z.object({ orders: z.int(), payments: z.int(), messages: z.int() });

const runScenario = async (
  options: DemoOptions,
  env: Environment,
  dataFolder: string,
): Promise<DemoResult> => {
  const { scenario } = options;
  const progress = createProgress(options.json ? 'json' : 'text');
  const watch = createSettlementWatch();
  const system = await startLocal({
    ...options,
    ports: await findFreePorts(),
    downloadFolder: STATE_FOLDER,
    logFolder: DEMO_LOG_FOLDER,
    dataFolder,
    keepsState: false,
    env,
    progress,
    holdsBacklog: scenario === 'D',
    onFunctionLine: watch.onLine,
  });
  try {
    progress({ step: `Scenario ${scenario}`, detail: 'publishing' });
    const signal = AbortSignal.timeout(SIMULATE_TIMEOUT_MS);
    const request = { preset: 'reference', scenario, timeScale: TIME_SCALE };
    const answer = await postSimulate(system.functionUrls.simulate, request, signal);
    const { published } = z.object({ published: publishedSchema }).parse(JSON.parse(answer));
    const expectation = parseExpectation(answer);
    if (scenario === 'D') await system.startConsumers();
    await Promise.race([untilSettled(watch, published.messages, progress), system.died]);
    return {
      scenario,
      cassandra: system.cassandra.kind,
      pubsub: system.pubsub.kind,
      notices: noticesOf(system),
      published,
      expectation,
      report: await auditSystem(system, expectation),
    };
  } finally {
    await system.stop();
  }
};

/** Waits until the functions have settled every published message, and `onDlq` every dead letter. */
const untilSettled = async (watch: SettlementWatch, messages: number, progress: Progress): Promise<void> => {
  const deadline = performance.now() + SETTLE_TIMEOUT_MS;
  for (;;) {
    const { inputs, deadLettered, deadLettersSettled } = watch.counts();
    progress({ step: 'Settled', done: Math.min(inputs, messages), total: messages });
    // Nobody knows yet how many dead letters there will be, so they have no total.
    if (inputs >= messages) progress({ step: 'Dead letters', detail: `${deadLettersSettled} recorded` });
    if (inputs >= messages && deadLettersSettled === deadLettered) return;
    if (performance.now() > deadline) {
      throw new Error(
        `gave up after ${SETTLE_TIMEOUT_MS / 1000} s: the functions settled ` +
          `${inputs} of ${messages} messages and ${deadLettersSettled} of ${deadLettered} dead letters; ` +
          `their logs are in ${DEMO_LOG_FOLDER}`,
      );
    }
    await delay(LOOK_EVERY_MS);
  }
};

/**
 * Audits until all is as expected. A publish that Pub/Sub did not confirm is repeated, and is two messages
 * then, so as many as were published may be settled before all of them are.
 */
const auditSystem = async (system: LocalSystem, expectation: Expectation): Promise<AuditReport> => {
  const source = await openAuditSource(loadConfig(system.env).store);
  try {
    return await untilAsExpected(() => audit(source, { expectation }), { patienceMs: PATIENCE_MS });
  } finally {
    await source.close();
  }
};

const toJson = (
  { scenario, cassandra, pubsub, notices, published, report }: DemoResult,
  seconds: number,
): string =>
  toJsonLine({
    scenario,
    cassandra,
    pubsub,
    notices,
    ordersSent: published.orders,
    paymentsSent: published.payments,
    ordersStored: report.orders,
    paid: report.paid,
    parked: report.parked,
    lost: report.expectation?.lost,
    violations: report.violationCount,
    seconds,
  });

const format = (
  { scenario, cassandra, pubsub, notices, published, expectation, report }: DemoResult,
  seconds: number,
  columns = process.stdout.columns,
): string =>
  [
    '',
    wrapText(
      `Scenario ${scenario}: ${published.orders} orders and ${published.payments} payments sent, ` +
        `Cassandra: ${cassandra}, Pub/Sub: ${pubsub}`,
      columns,
    ),
    wrapText(explainTraffic(published, expectation), columns),
    '',
    formatReport(report, columns),
    '',
    ...notices.flatMap((notice) => [wrapText(notice, columns), '']),
    wrapText(
      `${isClean(report) ? 'RIGHT' : 'WRONG'}: ${report.paid} of ${report.orders} orders paid, ` +
        `${report.parked} payments parked, ${report.expectation?.lost ?? 0} lost, ` +
        `${report.violationCount} violations, in ${seconds} s`,
      columns,
    ),
  ].join('\n');
