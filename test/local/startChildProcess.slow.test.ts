import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type ChildProcessOptions,
  type RunningProcess,
  startChildProcess,
} from '../../local/startChildProcess.ts';
import { isAlive } from '../../local/isAlive.ts';
import { ProcessEndedError } from '../../local/processEndedError.ts';
import { until } from '../../proof/until.ts';
import { errorOf } from '../support/errorOf.ts';

const MODULE = join(import.meta.dirname, '../../local/startChildProcess.ts');
/** Prints its id and `ready`, and runs until a SIGTERM. */
const STAYS = 'echo $$; echo ready; exec sleep 300';
/** The same, but it ignores SIGTERM. */
const STAYS_DEAF = 'trap "" TERM; echo $$; echo ready; while :; do sleep 0.05; done';

describe('a child process', () => {
  let folder = '';
  let logFile = '';
  let lines: string[] = [];
  const started: RunningProcess[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tally-child-'));
    logFile = join(folder, 'logs', 'child.log');
    lines = [];
  });
  afterEach(async () => {
    for (const child of started.splice(0)) await child.kill();
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });

  const start = async (
    script: string,
    options: Partial<ChildProcessOptions> = {},
  ): Promise<RunningProcess> => {
    const child = await startChildProcess({
      name: 'the child',
      command: 'sh',
      args: ['-c', script],
      cwd: folder,
      env: {},
      logFile,
      isReady: (line) => line === 'ready',
      readyTimeoutMs: 10_000,
      stopTimeoutMs: 10_000,
      onLine: (line) => lines.push(line),
      ...options,
    });
    started.push(child);
    return child;
  };
  /** The message of an error, and below it the end of the log. */
  const messageOf = async (starting: Promise<unknown>): Promise<string> => {
    const error = await errorOf(starting);
    const lastLines = error instanceof ProcessEndedError ? error.lastLines : [];
    return [error.message, ...lastLines].join('\n');
  };
  const untilGone = (pid: number) => until(`the end of process ${pid}`, () => !isAlive(pid));
  /** The id that the script printed first: of itself, or of another process in its group. */
  const printedPid = () => Number(lines[0]);

  describe('that starts', () => {
    it.each([
      ['standard output', 'echo ready; exec sleep 300'],
      ['standard error', 'echo ready >&2; exec sleep 300'],
    ])('is ready when it says so on %s', async (_name, script) => {
      const child = await start(script);

      expect(isAlive(child.pid)).toBe(true);
    });

    it('is ready when the sign comes that the caller waits for', async () => {
      await start('echo started; exec sleep 300', {
        isReady: { wait: async () => void (await until('a line', () => lines.length > 0)) },
      });

      expect(lines).toEqual(['started']);
    });

    it('leads a process group, so that a terminal’s Ctrl-C does not reach it', async () => {
      const child = await start(STAYS);

      // A group with its id exists only when it leads one.
      expect(process.kill(-child.pid, 0)).toBe(true);
    });

    it('gets the given variables, and none of our secrets', async () => {
      vi.stubEnv('CASSANDRA_PASSWORD', 'swordfish');
      vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', '/secret.json');

      await start('env | sort; echo ready; exec sleep 300', { env: { GIVEN: 'yes' } });

      expect(lines).toContain('GIVEN=yes');
      expect(lines).toContain(`PATH=${process.env.PATH}`);
      expect(lines.join('\n')).not.toMatch(/swordfish|secret/);
    });

    it('fails with the end of its log when it ends before it is ready', async () => {
      const message = await messageOf(start('for i in $(seq 1 100); do echo "line $i"; done; exit 3'));

      const lastLines = Array.from({ length: 15 }, (_, index) => `line ${86 + index}`);
      expect(message.split('\n')).toEqual([
        `the child ended with code 3; its log is ${logFile}`,
        ...lastLines,
      ]);
    });

    it('fails with the end of its log when it ends before the sign that the caller waits for', async () => {
      const message = await messageOf(
        start('echo no luck; exit 3', {
          isReady: {
            wait: (signal) =>
              new Promise((_resolve, reject) => {
                signal.addEventListener('abort', () => reject(new Error('given up')));
              }),
          },
        }),
      );

      expect(message).toMatch(/the child ended with code 3.*no luck$/s);
    });

    it('fails when it is not ready in time, and is ended', async () => {
      const message = await messageOf(
        start('echo $$; echo still busy; exec sleep 300', {
          isReady: { wait: () => new Promise(() => {}) },
          readyTimeoutMs: 1_000,
        }),
      );

      expect(message).toMatch(/the child is not ready after 1 s; its log is .*still busy$/s);
      expect(isAlive(printedPid())).toBe(false);
    });

    it('fails when there is no such program', async () => {
      const message = await messageOf(start('', { command: 'no-such-program' }));

      expect(message).toContain('the child could not be started: spawn no-such-program ENOENT');
    });

    it('fails when its log cannot be written', async () => {
      const message = await messageOf(start(STAYS, { logFile: folder }));

      expect(message).toContain('EISDIR');
    });
  });

  describe('that dies by itself', () => {
    it('says how, with the end of its log', async () => {
      const child = await start(STAYS);

      process.kill(child.pid, 'SIGKILL');

      const message = await messageOf(child.died);
      expect(message).toMatch(/the child was ended by SIGKILL; its log is .*\n\d+\nready$/s);
    });

    it('has everything in its log file, also a last line without a line break', async () => {
      const child = await start('echo ready; echo oops >&2; printf "the end"; exit 1');

      await messageOf(child.died);

      const log = () => readFile(logFile, 'utf8');
      await until('the whole log', async () => (await log()).endsWith('the end\n'));
      expect(await log()).toContain('ready\n');
      expect(await log()).toContain('oops\n');
    });

    it('takes the processes with it that it had started', async () => {
      const child = await start(`sh -c '${STAYS_DEAF}' & wait`);

      process.kill(child.pid, 'SIGKILL');

      expect(await messageOf(child.died)).toContain('was ended by SIGKILL');
      await untilGone(printedPid());
    });
  });

  describe('that is stopped', () => {
    it('may end by itself, and that does not count as a death', async () => {
      const child = await start('trap "echo goodbye; exit 0" TERM; echo ready; while :; do sleep 0.05; done');

      await child.stop();

      expect(lines).toContain('goodbye');
      expect(isAlive(child.pid)).toBe(false);
      expect(await Promise.race([child.died, Promise.resolve('no death')])).toBe('no death');
    });

    it('is killed when it does not end in time', async () => {
      const child = await start(STAYS_DEAF, { stopTimeoutMs: 200 });

      await child.stop();

      expect(isAlive(child.pid)).toBe(false);
    });

    it('leaves no process of its group, even when the leader ends first', async () => {
      const child = await start(`sh -c '${STAYS_DEAF}' & wait`, { stopTimeoutMs: 200 });

      await child.stop();

      await untilGone(printedPid());
    });

    it('is gone at once when it is killed', async () => {
      const child = await start(STAYS_DEAF);

      await child.kill();

      expect(isAlive(child.pid)).toBe(false);
    });

    it('may be stopped twice at the same time, and again later', async () => {
      const child = await start(STAYS);

      await Promise.all([child.stop(), child.stop()]);
      await child.stop();

      expect(isAlive(child.pid)).toBe(false);
    });
  });

  describe('that is frozen', () => {
    /**
     * Answers every SIGUSR1 with a line, as long as it runs. After `ready` it starts nothing more: a shell
     * that is stopped while it waits for a new process to begin is in the state D, not T, for as long as that
     * process is stopped with it.
     */
    const ANSWERS =
      'trap "echo here" USR1; trap "echo goodbye; exit" TERM; sleep 300 & echo ready; while :; do wait; done';

    it('answers a signal only after it is thawed', async () => {
      const child = await start(ANSWERS);
      const state = async () =>
        (await promisify(execFile)('ps', ['-o', 'state=', '-p', String(child.pid)])).stdout.trim();

      child.freeze();
      process.kill(child.pid, 'SIGUSR1');
      await until('a stopped process', async () => (await state()).startsWith('T'));
      expect(lines).not.toContain('here');
      child.thaw();

      await until('its answer', () => lines.includes('here'));
    });

    it('can still be stopped', async () => {
      const child = await start(ANSWERS);
      child.freeze();

      await child.stop();

      expect(lines).toContain('goodbye');
      expect(isAlive(child.pid)).toBe(false);
    });

    it('can be killed', async () => {
      const child = await start(ANSWERS);
      child.freeze();

      await child.kill();

      expect(isAlive(child.pid)).toBe(false);
    });
  });

  it.each([
    ['exits', 'process.exit(3)', 3],
    ['throws', 'setImmediate(() => { throw new Error("a bug") })', 1],
    ['ends on a signal that it handles', 'process.kill(process.pid, "SIGTERM")', 4],
    ['is killed', 'process.kill(process.pid, "SIGKILL")', 'SIGKILL'],
  ])('does not outlive our process when that %s', async (_name, end, code) => {
    const program = `
      import { startChildProcess } from ${JSON.stringify(MODULE)};
      process.once('SIGTERM', () => process.exit(4));
      const child = await startChildProcess({
        name: 'the child', command: 'sh', args: ['-c', ${JSON.stringify(STAYS_DEAF)}], cwd: '/', env: {},
        logFile: ${JSON.stringify(logFile)}, isReady: (line) => line === 'ready',
        readyTimeoutMs: 10_000, stopTimeoutMs: 10_000,
      });
      console.log(child.pid);
      ${end};`;

    const { promise, resolve } = Promise.withResolvers<{ exitCode: unknown; stdout: string }>();
    execFile(process.execPath, ['--input-type=module', '--eval', program], (error, stdout) =>
      resolve({ exitCode: error?.signal ?? error?.code, stdout }),
    );
    const { exitCode, stdout } = await promise;

    expect(exitCode).toBe(code);
    await untilGone(Number.parseInt(stdout, 10));
  });
});
