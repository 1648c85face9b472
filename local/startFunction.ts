import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { TallyFunction } from '../shared/topology.ts';
import { type RunningProcess, startChildProcess } from './startChildProcess.ts';
import type { LocalPart } from './localPart.ts';
import { assertPortFree, untilPortAnswers } from './ports.ts';

const PROJECT_FOLDER = join(import.meta.dirname, '..');
const FRAMEWORK = join(PROJECT_FOLDER, 'node_modules/@google-cloud/functions-framework/build/src/main.js');
/** A URL: in a path, Node reads # and % as URLs do. */
const LOOPBACK = pathToFileURL(join(import.meta.dirname, 'loopback.ts')).href;
const READY_TIMEOUT_MS = 30_000;
/** A little longer than a function takes to drain when it is stopped. */
const STOP_TIMEOUT_MS = 9_000;

interface FunctionOptions {
  readonly name: TallyFunction;
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  readonly onLine: (line: string) => void;
}

/** A test may also kill a function, or freeze it, without warning. */
type RunningFunction = LocalPart & Pick<RunningProcess, 'pid' | 'kill' | 'freeze' | 'thaw'>;

/**
 * Starts a function as it is deployed: one process, with the Functions Framework.
 * @throws Error when the port is taken, or the function is not ready within 30 s.
 */
export const startFunction = async (options: FunctionOptions): Promise<RunningFunction> => {
  const { name, port, env, logFile, onLine } = options;
  await assertPortFree(port, name, '--functions-port');
  const child = await startChildProcess({
    name,
    command: process.execPath,
    args: [
      `--import=${LOOPBACK}`,
      FRAMEWORK,
      `--source=${join('functions', name)}`,
      `--target=${name}`,
      `--port=${port}`,
    ],
    cwd: PROJECT_FOLDER,
    // In any other environment the framework sends error messages to the caller.
    env: { ...env, NODE_ENV: 'production' },
    logFile,
    onLine,
    isReady: { wait: (signal) => untilPortAnswers(port, { timeoutMs: READY_TIMEOUT_MS, signal }) },
    readyTimeoutMs: READY_TIMEOUT_MS,
    stopTimeoutMs: STOP_TIMEOUT_MS,
  });
  return {
    name,
    kind: 'functions-framework',
    address: `127.0.0.1:${port}`,
    why: `functions/${name} in its own process`,
    keepsState: false,
    env: {},
    died: child.died,
    stop: child.stop,
    pid: child.pid,
    kill: child.kill,
    freeze: child.freeze,
    thaw: child.thaw,
  };
};
