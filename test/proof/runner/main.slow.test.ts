import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isAlive } from '../../../local/isAlive.ts';
import { startScript } from '../../support/commands/startScript.ts';
import { until } from '../../../proof/until.ts';

/** A part shares the machine with the other tests. */
const PART_TIMEOUT_MS = 180_000;

const start = (...args: readonly string[]) => {
  const said: string[] = [];
  const command = startScript('proof/runner/main.ts', args, {
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
    onStderr: (text) => said.push(text),
    timeoutMs: PART_TIMEOUT_MS,
  });
  return { ...command, said: () => said.join('') };
};

/** The pids of all processes below a process. */
const descendantsOf = async (pid: number): Promise<readonly number[]> => {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']);
  const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): readonly number[] =>
    rows.flatMap(([child = 0, of]) => (of === parent ? [child, ...below(child)] : []));
  return below(pid);
};

/** Starts a part that takes minutes, waits until it is at work, and finds all its processes. */
const startLongPart = async () => {
  const command = start('--only', 'hostile bodies', '--json');
  await until('a part at work', () => command.said().includes('fuzzing bodies'));
  const pids = await descendantsOf(command.pid);
  onTestFinished(() => {
    for (const pid of pids) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  });
  return { ...command, pids };
};

describe('npm run proof', () => {
  it('keeps the figures of a part by their names', { timeout: PART_TIMEOUT_MS + 10_000 }, async () => {
    const { exitCode, stdout } = await start('--only', 'coverage', '--json').result;

    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).parts).toEqual([
      {
        name: 'coverage',
        isShown: true,
        seconds: expect.any(Number),
        figures: { '% Stmts': 100, '% Branch': 100, '% Funcs': 100, '% Lines': 100 },
      },
    ]);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('stops the part that runs on a %s, and says so', async (name) => {
    const { signal, result, pids } = await startLongPart();

    signal(name);
    const { exitCode, stdout, stderr } = await result;

    expect(exitCode).toBe(130);
    expect(stderr).toContain(`{"event":"progress","step":"Stopping on ${name}","detail":"hostile bodies"}`);
    expect(stderr).toContain(`proof: interrupted by ${name}; not shown: hostile bodies`);
    expect(JSON.parse(stdout).parts).toMatchObject([
      { name: 'hostile bodies', isShown: false, figures: 'stopped' },
    ]);
    // npm, the program that npm runs, and the guard.
    expect(pids.length).toBeGreaterThanOrEqual(3);
    await until('the end of all processes', () => !pids.some(isAlive));
  });

  it('leaves nothing running when it is killed', async () => {
    const { signal, pids } = await startLongPart();

    signal('SIGKILL');

    expect(pids.length).toBeGreaterThanOrEqual(3);
    await until('the end of all processes', () => !pids.some(isAlive));
  });

  it.each([
    [['--only', 'chaos'], 'Allowed choices are coverage, small worlds,'],
    [['--only'], "option '--only <part>' argument missing"],
    [['--forever'], "unknown option '--forever'"],
    [['mutation'], 'too many arguments'],
  ])('refuses %j with 2, and says what is allowed', async (args, words) => {
    const { exitCode, stdout, stderr } = await start(...args).result;

    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
  });

  it('shows its help', async () => {
    const { exitCode, stdout } = await start('--help').result;

    expect(exitCode).toBe(0);
    for (const option of ['--only <part>', '--json']) expect(stdout).toContain(option);
  });
});
