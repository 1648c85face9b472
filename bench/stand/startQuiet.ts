import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { BENCH_LOG_FOLDER } from '../emulators.ts';
import { type RunningProcess, startChildProcess } from '../../local/startChildProcess.ts';
import { untilPortAnswers } from '../../local/ports.ts';

const PROJECT_FOLDER = join(import.meta.dirname, '../..');
const FRAMEWORK = 'node_modules/@google-cloud/functions-framework/build/src/main.js';
const LOOPBACK = './local/loopback.ts';
const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 9_000;
const LOOK_EVERY_MS = 50;

interface QuietOptions {
  readonly name: string;
  readonly command?: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** It is ready when it accepts connections here, or when its output has this text. */
  readonly ready: { readonly port: number } | { readonly text: string };
}

/** A process that is measured. */
export type Measured = Pick<RunningProcess, 'pid' | 'died' | 'stop'> & { readonly outputFile: string };

let started = 0;
const outputFiles: string[] = [];

/** Removes the output of all processes up to now. That of a million events has some 700 MB. */
export const removeOutputs = async (): Promise<void> => {
  await Promise.all(outputFiles.splice(0).map((file) => rm(file, { force: true })));
};

/**
 * Starts a process whose output goes to a file and not to us, so that it never waits for us to read it. The
 * shell replaces itself, so the process id is that of the program.
 */
export const startQuiet = async (options: QuietOptions): Promise<Measured> => {
  const { name, command = process.execPath, args, env, ready } = options;
  started += 1;
  const outputFile = join(BENCH_LOG_FOLDER, `${name}-${started}.out`);
  await writeFile(outputFile, '');
  outputFiles.push(outputFile);
  const { pid, died, stop } = await startChildProcess({
    name,
    command: '/bin/sh',
    args: ['-c', 'exec "$0" "$@" >> "$OUTPUT_FILE" 2>&1', command, ...args],
    cwd: PROJECT_FOLDER,
    env: { ...env, OUTPUT_FILE: outputFile, METADATA_SERVER_DETECTION: 'none' },
    logFile: join(BENCH_LOG_FOLDER, `${name}-${started}.log`),
    isReady: {
      wait: async (signal) => {
        if ('port' in ready) return untilPortAnswers(ready.port, { timeoutMs: READY_TIMEOUT_MS, signal });
        while (!(await readFile(outputFile, 'utf8')).includes(ready.text))
          await delay(LOOK_EVERY_MS, undefined, { signal });
      },
    },
    readyTimeoutMs: READY_TIMEOUT_MS,
    stopTimeoutMs: STOP_TIMEOUT_MS,
  });
  return { pid, died, stop, outputFile };
};

/** Starts a function as it is deployed, behind the Functions Framework. */
export const startQuietFunction = (name: string, { port, env, source }: FunctionPlace): Promise<Measured> =>
  startQuiet({
    name,
    ready: { port },
    args: [`--import=${LOOPBACK}`, FRAMEWORK],
    env: {
      ...env,
      FUNCTION_TARGET: name,
      FUNCTION_SOURCE: source ?? `functions/${name}`,
      PORT: String(port),
      NODE_ENV: 'production',
    },
  });

interface FunctionPlace {
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
  /** The folder of its code; that of the function when undefined. */
  readonly source?: string | undefined;
}
