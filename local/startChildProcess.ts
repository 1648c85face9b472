import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { guardGroup, signalGroup } from './processGroup.ts';
import { openProcessLog } from './openProcessLog.ts';
import { ProcessEndedError } from './processEndedError.ts';

/**
 * The variables of our environment that a child gets: enough to find programs and a home folder, no secret.
 */
const INHERITED = ['PATH', 'HOME', 'JAVA_HOME', 'LANG', 'TMPDIR', 'TZ'];

export interface ChildProcessOptions {
  /** Errors begin with it. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** An absolute path. The file is emptied first, and gets everything that the process prints. */
  readonly logFile: string;
  /**
   * Recognizes the line that says that the process is ready. Or waits for another sign; the signal aborts
   * when the process is gone.
   */
  readonly isReady: ((line: string) => boolean) | { readonly wait: (signal: AbortSignal) => Promise<void> };
  readonly readyTimeoutMs: number;
  readonly stopTimeoutMs: number;
  readonly onLine?: (line: string) => void;
}

export interface RunningProcess {
  readonly pid: number;
  /** Rejects when the process ends by itself. Never resolves. */
  readonly died: Promise<never>;
  /**
   * Sends SIGTERM to the whole group, and SIGKILL after `stopTimeoutMs`. Resolves when the whole group is
   * gone. May be called twice.
   */
  readonly stop: () => Promise<void>;
  /** The same with SIGKILL at once. */
  readonly kill: () => Promise<void>;
  /** Sends SIGSTOP to the whole group: it keeps its connections and answers nothing. */
  readonly freeze: () => void;
  /** Sends SIGCONT to the whole group. */
  readonly thaw: () => void;
}

/** The children whose groups may still run. They must not outlive this process. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) send(child, 'SIGKILL');
});

/**
 * Starts a process as the leader of a new group, and waits until it is ready. In its own group it does not
 * hear a terminal's Ctrl-C: only this process hears it, and stops its children in order.
 * @throws ProcessEndedError when the process ends before it is ready, or is not ready in time.
 */
export const startChildProcess = async (options: ChildProcessOptions): Promise<RunningProcess> => {
  const { name, logFile, isReady, readyTimeoutMs, stopTimeoutMs } = options;
  const log = await openProcessLog(logFile);
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: { ...inheritedEnv(), ...options.env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const failure = (how: string): Error =>
    new ProcessEndedError({ process: name, how, logFile, lastLines: log.lastLines() });
  const ready = Promise.withResolvers<void>();
  onEachLine(child, (line) => {
    log.write(line);
    if (typeof isReady === 'function' && isReady(line)) ready.resolve();
    options.onLine?.(line);
  });
  const { died, gone, end } = supervise(child, { failure, stopTimeoutMs, onGone: log.close });

  const timer = setTimeout(() => {
    ready.reject(failure(`is not ready after ${readyTimeoutMs / 1000} s`));
  }, readyTimeoutMs);
  if (typeof isReady !== 'function') isReady.wait(gone).then(ready.resolve, ready.reject);
  try {
    await Promise.race([ready.promise, died]);
  } catch (error) {
    await end('SIGKILL');
    throw error;
  } finally {
    clearTimeout(timer);
  }
  return {
    pid: child.pid ?? 0,
    died,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    freeze: () => send(child, 'SIGSTOP'),
    thaw: () => send(child, 'SIGCONT'),
  };
};

interface SuperviseOptions {
  readonly failure: (how: string) => Error;
  readonly stopTimeoutMs: number;
  readonly onGone: () => void;
}

/** Follows a child until its whole group is gone. */
const supervise = (child: ChildProcess, { failure, stopTimeoutMs, onGone }: SuperviseOptions) => {
  running.add(child);
  const guard = guardGroup(child);
  const gone = new AbortController();
  let isStopping = false;
  const died = Promise.withResolvers<never>();
  // Perhaps nobody waits for this promise. Its rejection must not end this process.
  died.promise.catch(() => {});
  // The children of a dead process would keep its ports, and its pipes too: then 'close' would never come.
  child.once('exit', () => {
    if (!isStopping) send(child, 'SIGKILL');
  });
  const ended = untilGroupEnds(child).then((how) => {
    running.delete(child);
    guard?.kill('SIGKILL');
    if (!isStopping) died.reject(failure(how));
    gone.abort();
    onGone();
  });

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    isStopping = true;
    send(child, signal);
    // A frozen process gets SIGTERM only after SIGCONT.
    send(child, 'SIGCONT');
    const timer = setTimeout(() => {
      send(child, 'SIGKILL');
      // A process that has left the group could hold the pipes for ever.
      child.stdout?.destroy();
      child.stderr?.destroy();
    }, stopTimeoutMs);
    await ended;
    clearTimeout(timer);
  };
  return { died: died.promise, gone: gone.signal, end };
};

const inheritedEnv = (): Record<string, string> =>
  Object.fromEntries(
    INHERITED.map((name): [string, string | undefined] => [name, process.env[name]]).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );

const onEachLine = (child: ChildProcess, onLine: (line: string) => void): void => {
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null) createInterface({ input: stream }).on('line', onLine);
  }
};

/**
 * Waits until the whole group is gone: each process of it holds the child's pipes open.
 * @returns how the child ended.
 */
const untilGroupEnds = (child: ChildProcess): Promise<string> => {
  const { promise, resolve } = Promise.withResolvers<string>();
  child.once('error', (error) => resolve(`could not be started: ${error.message}`));
  child.once('close', (code, signal) =>
    resolve(signal === null ? `ended with code ${code}` : `was ended by ${signal}`),
  );
  return promise;
};

/** Sends nothing to a group that is gone: its id may belong to another group by then. */
const send = (child: ChildProcess, signal: NodeJS.Signals): void => {
  if (running.has(child)) signalGroup(child, signal);
};
