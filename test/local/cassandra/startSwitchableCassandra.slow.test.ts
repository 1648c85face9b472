import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { postSimulate } from '../../../cli/simulate.ts';
import { untilAsExpected } from '../../../cli/untilAsExpected.ts';
import { findFreePorts } from '../../../local/localPorts.ts';
import { createSettlementWatch } from '../../../local/settlementWatch.ts';
import { startLocal } from '../../../local/startLocal.ts';
import { until } from '../../../proof/until.ts';
import { audit } from '../../../shared/audit/audit.ts';
import { parseExpectation } from '../../../shared/audit/expectation.ts';
import { loadConfig } from '../../../shared/config.ts';
import { openAuditSource } from '../../../shared/store/openAuditSource.ts';
import { canStartCassandra, STATE_FOLDER } from '../../support/cassandra/testKeyspace.ts';
import { errorOf } from '../../support/errorOf.ts';
import { hasProgram } from '../../support/hasProgram.ts';

const canFindProcess = await hasProgram('pgrep', '-V');

/** A whole system that outlives its Cassandra, and what it said of the end of it. */
const startSystem = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tally-switch-'));
  const deaths: unknown[] = [];
  const watch = createSettlementWatch();
  const retries: string[] = [];
  const system = await startLocal({
    cassandra: 'maven',
    pubsub: 'local',
    ports: await findFreePorts(),
    downloadFolder: STATE_FOLDER,
    logFolder: join(folder, 'logs'),
    dataFolder: join(folder, 'data'),
    env: { PATH: process.env.PATH, JAVA_HOME: process.env.JAVA_HOME },
    progress: () => {},
    onFunctionLine: (name, line) => {
      watch.onLine(name, line);
      if (line.includes('"settlement":"retry"')) retries.push(name);
    },
    onCassandraDied: (error) => deaths.push(error),
  });
  onTestFinished(async () => {
    await system.stop();
    await rm(folder, { recursive: true });
  });
  const { cassandra } = system.switches;
  if (cassandra === undefined) throw new Error('expected a switch');
  const simulate = (orders: number) =>
    postSimulate(
      system.functionUrls.simulate,
      { preset: 'shop', orders, malformed: 0.02, doublePaid: 0.02, seed: orders },
      AbortSignal.timeout(60_000),
    );
  return { system, cassandra, deaths, retries, simulate, watch, folder };
};

describe.skipIf(!canStartCassandra)('a Cassandra with a switch', { timeout: 240_000 }, () => {
  it('is stopped, started and slowed down while the system runs on, and nothing is lost', async () => {
    const { system, cassandra, deaths, retries, simulate } = await startSystem();
    await simulate(50);

    await cassandra.stop();
    const { name: stopped } = cassandra.state();
    const twice = await errorOf(cassandra.stop());
    const answer = await simulate(500);
    await until('messages that were given back', () => retries.length > 10);
    await cassandra.start();
    const startedAt = performance.now();
    cassandra.slow(50);

    const source = await openAuditSource(loadConfig(system.env).store);
    onTestFinished(source.close);
    const expectation = parseExpectation(answer);
    const report = await untilAsExpected(() => audit(source, { expectation }), { patienceMs: 90_000 });
    console.log(`all as expected ${Math.round(performance.now() - startedAt)} ms after the start`);
    expect(stopped).toBe('stopped');
    expect(twice.message).toBe('expected a Cassandra that is running, and this one is stopped');
    expect(report).toMatchObject({ violations: [], expectation: { lost: 0, unmet: [] } });
    expect(cassandra.state()).toMatchObject({ name: 'running', delayMs: 50 });
    const lookedAt = performance.now();
    await source.findOrderRecord(1n);
    expect(performance.now() - lookedAt).toBeGreaterThan(50);
    expect(deaths).toEqual([]);
  });

  it.skipIf(!canFindProcess)(
    'may end by itself: the system says so, runs on, and starts it again',
    async () => {
      const { system, cassandra, deaths, simulate, watch, folder } = await startSystem();
      const { store } = loadConfig(system.env);
      const { stdout: pid } = await promisify(execFile)('pgrep', ['-f', `storagedir=${folder}/data/node`]);

      process.kill(Number(pid), 'SIGKILL');
      await until('a Cassandra that is missed', () => deaths.length > 0);
      const { name, problem } = cassandra.state();
      const answer = await simulate(20);
      await cassandra.start();

      const source = await openAuditSource(store);
      onTestFinished(source.close);
      const expectation = parseExpectation(answer);
      const report = await untilAsExpected(() => audit(source, { expectation }), { patienceMs: 60_000 });
      expect({ name, problem }).toEqual({
        name: 'died',
        problem: expect.stringContaining('Cassandra was ended by SIGKILL; its log is '),
      });
      expect(report).toMatchObject({ violations: [], expectation: { unmet: [] } });
      expect(watch.counts().inputs).toBeGreaterThan(0);
    },
  );
});
