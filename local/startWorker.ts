import { join } from 'node:path';
import type { LocalPart } from './localPart.ts';
import { type RunningProcess, startChildProcess } from './startChildProcess.ts';

const PROJECT_FOLDER = join(import.meta.dirname, '..');
const READY_TIMEOUT_MS = 30_000;
/** A little longer than the worker takes to drain when it is stopped. */
const STOP_TIMEOUT_MS = 9_000;

interface WorkerOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  readonly onLine: (line: string) => void;
}

/** A test may also kill the worker, or freeze it, without warning. */
type RunningWorker = LocalPart & Pick<RunningProcess, 'kill' | 'freeze' | 'thaw'>;

/**
 * Starts the worker, one process that pulls from all subscriptions. They must exist, and push nowhere.
 * @throws Error when it is not ready within 30 s.
 */
export const startWorker = async ({ env, logFile, onLine }: WorkerOptions): Promise<RunningWorker> => {
  const { pid, died, stop, kill, freeze, thaw } = await startChildProcess({
    name: 'worker',
    command: process.execPath,
    args: [join('functions', 'worker', 'index.ts')],
    cwd: PROJECT_FOLDER,
    env,
    logFile,
    onLine,
    isReady: (line) => line.includes('"message":"pulling"'),
    readyTimeoutMs: READY_TIMEOUT_MS,
    stopTimeoutMs: STOP_TIMEOUT_MS,
  });
  return {
    name: 'worker',
    kind: 'worker',
    address: `process ${pid}`,
    why: 'functions/worker pulls from all subscriptions; it listens nowhere',
    keepsState: false,
    env: {},
    died,
    stop,
    kill,
    freeze,
    thaw,
  };
};
