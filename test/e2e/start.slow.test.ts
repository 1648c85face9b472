import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { findUpPorts } from '../../bench/findUpPorts.ts';
import { readRunFile } from '../../cli/runFile.ts';
import { findPortHolder } from '../../local/findPortHolder.ts';
import { until } from '../../proof/until.ts';
import { runTally } from '../support/commands/runScript.ts';
import { hasProgram } from '../support/hasProgram.ts';

const PROJECT_FOLDER = join(import.meta.dirname, '../..');
const READY_TIMEOUT_MS = 40_000;
/** The files in `.tally/` are those of the checkout, so a system that a person runs there would lose them. */
const isFree = (await readRunFile()) === undefined && (await hasProgram('lsof', '-v'));
if (!isFree) console.log('SKIPPED: npm start is not tested, because one runs here, or there is no lsof');

describe.skipIf(!isFree)('npm start', { timeout: 120_000 }, () => {
  const npms: ReturnType<typeof spawn>[] = [];
  afterEach(async () => {
    for (const npm of npms.splice(0))
      if (npm.exitCode === null && npm.signalCode === null) npm.kill('SIGTERM');
  });

  /** The command as a user runs it, in memory, and on ports of the test. */
  const start = async () => {
    const { functions, pubsub, options } = await findUpPorts();
    const args = ['start', '--', '--cassandra', 'memory', '--pubsub', 'local', ...options];
    const env = { PATH: process.env.PATH, HOME: process.env.HOME };
    const npm = spawn('npm', args, { cwd: PROJECT_FOLDER, env, stdio: 'pipe' });
    npms.push(npm);
    let screen = '';
    for (const stream of [npm.stdout, npm.stderr])
      stream.setEncoding('utf8').on('data', (piece: string) => void (screen += piece));
    const ended = new Promise<number | null>((resolve) => npm.once('close', resolve));
    await until('a system that is ready', () => screen.includes('Ctrl-C stops'), READY_TIMEOUT_MS);
    return { npm, functions, pubsub, options, ended, lines: () => screen.trimEnd().split('\n') };
  };

  it('shows one line for a poison message, and ends when only npm gets the signal', async () => {
    const { npm, functions, pubsub, ended, lines } = await start();
    const env = { PUBSUB_EMULATOR_HOST: `127.0.0.1:${pubsub}`, GOOGLE_CLOUD_PROJECT: 'tally-local' };
    const poison = { env, input: '{"order_id":17,"quantity":0}' };
    const published = await runTally(['publish', 'order', '-', '--anyway'], poison);
    expect(published.exitCode).toBe(0);
    await until('a line about it', () => lines().some((line) => line.includes('invalid')));

    npm.kill('SIGINT');

    expect(await ended).toBe(0);
    expect(lines().slice(lines().indexOf('Ctrl-C stops everything.') + 1)).toEqual([
      expect.stringMatching(
        /^onOrder: invalid, see npx tally order 17: item: expected .*quantity: expected a whole number /,
      ),
      'stopping …',
    ]);
    expect(await findPortHolder(functions)).toBeUndefined();
  });

  it('keeps a second system out of its folder, and says who has the ports that one in another folder wants', async () => {
    const { npm, options, ended } = await start();
    const elsewhere = await mkdtemp(join(tmpdir(), 'tally-elsewhere-'));
    onTestFinished(() => rm(elsewhere, { recursive: true, force: true }));
    const second = (env: Record<string, string>) =>
      runTally(['up', '--cassandra', 'memory', ...options], { env: { PATH: process.env.PATH, ...env } });

    const [here, there] = [await second({}), await second({ TALLY_RUN_FOLDER: elsewhere })];

    expect(here).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(
        /^tally: a system runs here already \(process \d+, http:.*TALLY_RUN_FOLDER/,
      ),
    });
    expect(there.exitCode).toBe(1);
    expect(there.stderr.match(/which \w+ needs, is taken by process \d+/g)).toHaveLength(4);
    expect(there.stderr).toMatch(/which the console needs, is taken by process \d+/);
    npm.kill('SIGTERM');
    await ended;
  });

  it('says at the end of the screen which part died, where its log is, and what to do', async () => {
    const { functions, ended, lines } = await start();

    const holder = await findPortHolder(functions + 1);
    process.kill(Number(/^process (\d+)/.exec(holder ?? '')?.[1]), 'SIGKILL');

    expect(await ended).toBe(1);
    expect(lines().slice(-2)).toEqual([
      `tally: everything was stopped: onPayment was ended by SIGKILL; its log is ` +
        join(PROJECT_FOLDER, '.tally/logs/onPayment.log'),
      'Start again.',
    ]);
    expect(await findPortHolder(functions)).toBeUndefined();
  });
});
