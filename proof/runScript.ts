import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const PROJECT_FOLDER = join(import.meta.dirname, '..');
const COMMAND_TIMEOUT_MS = 50_000;

export interface CommandResult {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface CommandOptions {
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** What the command reads on its standard input. */
  readonly input?: string;
  /** Called with every piece of its standard error as it comes. */
  readonly onStderr?: (text: string) => void;
  /** It is killed when it takes longer. Default: 50 s, which is less than a test may take. */
  readonly timeoutMs?: number;
}

interface RunningCommand {
  /** NaN where it could not be started. */
  readonly pid: number;
  readonly signal: (name: NodeJS.Signals) => void;
  /** Settles when it has ended. */
  readonly result: Promise<CommandResult>;
}

/** The `tally` command as a user runs it. */
export const runTally = (args: readonly string[], options: CommandOptions): Promise<CommandResult> =>
  runScript('cli/tally.ts', args, options);

/** A script of the project, by its path in it, as a process of its own, to its end. */
export const runScript = (
  script: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> => startScript(script, args, options).result;

/** The same, for whoever has to do with it while it runs. */
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
  // A command that does not read its input closes it first.
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
