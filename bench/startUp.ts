import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { jsonOf } from '../local/jsonOf.ts';
import { PROJECT_FOLDER } from '../cli/paths.ts';

/** Cassandra from Maven takes 20 s on two busy cores. */
const READY_TIMEOUT_MS = 100_000;
const STOP_TIMEOUT_MS = 30_000;

const readySchema = z.object({
  event: z.literal('ready'),
  console: z.url(),
  functions: z.object({ simulate: z.url() }),
});

interface RunningUp {
  /** Where its page is. */
  readonly url: string;
  readonly simulateUrl: string;
  readonly signal: (name: NodeJS.Signals) => void;
  readonly stop: () => Promise<void>;
}

/**
 * Starts `tally up` as a process of its own, and waits until it is ready.
 * @throws Error with what it said, when it ends before that.
 */
export const startUp = async (args: readonly string[], env: NodeJS.ProcessEnv): Promise<RunningUp> => {
  const child = spawn(process.execPath, [join(PROJECT_FOLDER, 'cli/tally.ts'), 'up', '--json', ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ready = await untilReady(child).catch(async (error: unknown) => {
    await stopChild(child);
    throw error;
  });
  return {
    url: ready.console,
    simulateUrl: ready.functions.simulate,
    signal: (name) => void child.kill(name),
    stop: () => stopChild(child),
  };
};

const untilReady = async (child: ChildProcessByStdio<null, Readable, Readable>) => {
  const { stdout, stderr } = child;
  let said = '';
  stderr.setEncoding('utf8').on('data', (piece: string) => void (said += piece));
  const timer = setTimeout(() => {
    said += `it was not ready within ${READY_TIMEOUT_MS / 1_000} s, and was ended`;
    child.kill('SIGKILL');
  }, READY_TIMEOUT_MS);
  try {
    for await (const line of createInterface(stdout)) {
      const { data } = readySchema.safeParse(jsonOf(line));
      if (data !== undefined) return data;
    }
  } finally {
    clearTimeout(timer);
    // A pipe that nobody reads would fill up, and the system would stand still.
    stdout.resume();
  }
  throw new Error(`tally up ended before it was ready:\n${said}`);
};

const stopChild = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('close', resolve));
  // A process that is stopped takes no other signal.
  child.kill('SIGCONT');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
};
