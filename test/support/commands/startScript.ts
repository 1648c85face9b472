import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const PROJECT_FOLDER = join(import.meta.dirname, '../../..');
const COMMAND_TIMEOUT_MS = 50_000;

export interface CommandResult {
  /** Null when a signal ended the command. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** The standard input of the command. */
  readonly input?: string;
  /** Called with each piece of its standard error, as soon as it is written. */
  readonly onStderr?: (text: string) => void;
  /** The command is killed after this time. Default: 50 s, which is less than the time limit of a test. */
  readonly timeoutMs?: number;
}

interface RunningCommand {
  /** NaN when it could not be started. */
  readonly pid: number;
  readonly signal: (name: NodeJS.Signals) => void;
  /** It resolves when the command has ended. */
  readonly result: Promise<CommandResult>;
}

/** Starts a script of the project as a process. The caller can send it a signal. */
export const startScript = (
  script: string,
  args: readonly string[],
  { env, input = '', onStderr = () => {}, timeoutMs = COMMAND_TIMEOUT_MS }: CommandOptions,
): RunningCommand => {
  const child = spawn(process.execPath, [join(PROJECT_FOLDER, script), ...args], {
    env,
    stdio: 'pipe',
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve(exitCode));
  });
  // A command that does not read its input may close it before it is written.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  child.stderr.setEncoding('utf8').on('data', onStderr);
  const output = Promise.all([text(child.stdout), text(child.stderr), exited]);
  return {
    pid: child.pid ?? Number.NaN,
    signal: (name) => void child.kill(name),
    result: output.then(([stdout, stderr, exitCode]) => ({ exitCode, stdout, stderr })),
  };
};
