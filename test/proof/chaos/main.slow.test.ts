import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isAlive } from '../../../local/isAlive.ts';
import { STATE_FOLDER } from '../../support/cassandra/testKeyspace.ts';
import { startScript } from '../../support/commands/startScript.ts';
import { until } from '../../../proof/until.ts';
import { findLacking } from '../../../proof/chaos/findLacking.ts';

const lacking = await findLacking(process.env, STATE_FOLDER);
if (lacking.length > 0)
  console.warn(`SKIPPED: one test of chaos, because this machine cannot run it: ${lacking.join('; ')}`);

/** The stop of each of the three nodes takes up to eight seconds. */
const STOPPED_WITHIN_MS = 120_000;

/** The command as a user runs it. */
const start = (args: readonly string[], env = process.env) =>
  startScript('proof/chaos/main.ts', args, { env, timeoutMs: STOPPED_WITHIN_MS });

describe('the chaos command', () => {
  it('shows its help', async () => {
    const { exitCode, stdout } = await start(['--help']).result;

    expect(exitCode).toBe(0);
    for (const option of ['--minutes <number>', '--seed <number>', '--consume <how>', '--json'])
      expect(stdout).toContain(option);
  });

  it.for([
    ['--minutes 0', 'Expected a number from 0.5 to 720.'],
    ['--minutes 721', 'Expected a number from 0.5 to 720.'],
    ['--minutes long', 'Expected a number from 0.5 to 720.'],
    ['--seed -1', 'Expected a whole number from 0 to 4294967295.'],
    ['--seed 4294967296', 'Expected a whole number from 0 to 4294967295.'],
    ['--consume both', 'Allowed choices are push, pull.'],
    ['--frobnicate', "unknown option '--frobnicate'"],
  ] as const)('refuses "%s" with 2, and says what is allowed', async ([words, said]) => {
    const { exitCode, stdout, stderr } = await start(words.split(' ')).result;

    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(said);
  });

  it('ends with 2 without Java, and says what to install', async () => {
    const { exitCode, stderr } = await start(['--seed', '1'], { PATH: '/nowhere' }).result;

    expect(exitCode).toBe(2);
    expect(stderr).toContain('chaos: this machine cannot run it: no Java: install Java 17, or set JAVA_HOME');
  });

  const timeout = STOPPED_WITHIN_MS + 10_000;
  it.skipIf(lacking.length > 0)('leaves nothing behind when it is interrupted', { timeout }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tally-chaos-test-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    /** The pids of Cassandra's nodes, found by their data folder. */
    const nodes = async (): Promise<number[]> => {
      const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'pid=,args=']);
      const lines = stdout.split('\n').filter((line) => line.includes(`storagedir=${folder}`));
      return lines.map((line) => Number.parseInt(line, 10));
    };
    const { signal, result } = start(['--seed', '1'], { ...process.env, TMPDIR: folder });
    const [pid] = await until('a node that starts', async () => {
      const pids = await nodes();
      return pids.length > 0 && pids;
    });

    signal('SIGINT');
    const { exitCode, stderr } = await result;

    expect(exitCode).toBe(130);
    expect(stderr).toContain('chaos: interrupted by SIGINT');
    await until('the end of all nodes', async () => (await nodes()).length === 0 && !isAlive(pid ?? 0));
    expect(await readdir(folder)).toEqual([]);
  });
});
