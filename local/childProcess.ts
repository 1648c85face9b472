import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { guardGroup, signalGroup } from './processGroup.ts';

/** Of the end of a dead process's log, for its error; the whole is in the file. */
const TAIL_LINES = 30;
/** What a child may see of our environment: enough to find programs and a home, no secret. */
const INHERITED = ['PATH', 'HOME', 'JAVA_HOME', 'LANG', 'TMPDIR', 'TZ'];

export interface ChildProcessOptions {
  /** For errors. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Absolute; written anew. Gets everything that the process prints. */
  readonly logFile: string;
  /** The line that says that it is ready, or a wait for another sign; the signal aborts when the process is gone. */
  readonly isReady: ((line: string) => boolean) | { readonly wait: (signal: AbortSignal) => Promise<void> };
  readonly readyTimeoutMs: number;
  readonly stopTimeoutMs: number;
  readonly onLine?: (line: string) => void;
}

export interface RunningProcess {
  readonly pid: number;
  /** Rejects when the process ends by itself; never resolves. */
  readonly died: Promise<never>;
  /** SIGTERM to its whole group, then SIGKILL after the limit; resolves when all of it is gone. May be called twice. */
  readonly stop: () => Promise<void>;
  /** SIGKILL. */
  readonly kill: () => Promise<void>;
  /** SIGSTOP to its whole group: it holds its connections and answers nothing. */
  readonly freeze: () => void;
  /** SIGCONT to its whole group. */
  readonly thaw: () => void;
}

/** Children of whose groups something may still run. They must not outlive us. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) send(child, 'SIGKILL');
});

/**
 * Starts a process in a group of its own, so that a terminal's Ctrl-C reaches only us and we stop things in order, and
 * waits until it is ready.
 * @throws Error with the end of its log when it ends before it is ready, or is not ready in time.
 */
export const startChildProcess = async (options: ChildProcessOptions): Promise<RunningProcess> => {
  const { name, logFile, readyTimeoutMs, stopTimeoutMs } = options;
  mkdirSync(dirname(logFile), { recursive: true });
  const log = createWriteStream(logFile);
  await once(log, 'open');
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: { ...inheritedEnv(), ...options.env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const watchdog = guardGroup(child);
  const tail: string[] = [];
  const keep = (line: string): void => {
    tail.push(line);
    if (tail.length > TAIL_LINES) tail.shift();
  };
  const failure = (what: string): Error =>
    new Error(`${name} ${what}; its log is ${logFile} and ends:\n${tail.join('\n')}`);
  // A full disk is no reason to end what runs.
  log.on('error', (error) => keep(`(the log cannot be written: ${error.message})`));
  const ready = Promise.withResolvers<void>();
  follow(child, log, (line) => {
    keep(line);
    if (typeof options.isReady === 'function' && options.isReady(line)) ready.resolve();
    options.onLine?.(line);
  });

  const gone = new AbortController();
  let isStopping = false;
  const died = Promise.withResolvers<never>();
  // Not everybody waits for a death, and one that nobody waits for must not end us.
  died.promise.catch(() => {});
  // What a process leaves behind when it dies would hold its ports, and its pipes, without whose end none is gone.
  child.once('exit', () => {
    if (!isStopping) send(child, 'SIGKILL');
  });
  const ended = untilEnd(child).then((how) => {
    running.delete(child);
    watchdog?.kill('SIGKILL');
    if (!isStopping) died.reject(failure(how));
    gone.abort();
    log.end();
  });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    isStopping = true;
    send(child, signal);
    // One that is frozen hears no SIGTERM.
    send(child, 'SIGCONT');
    const timer = setTimeout(() => {
      send(child, 'SIGKILL');
      // Somebody who left the group could hold them for ever.
      child.stdout.destroy();
      child.stderr.destroy();
    }, stopTimeoutMs);
    await ended;
    clearTimeout(timer);
  };

  const timer = setTimeout(() => {
    ready.reject(failure(`is not ready after ${readyTimeoutMs / 1000} s`));
  }, readyTimeoutMs);
  if (typeof options.isReady !== 'function')
    options.isReady.wait(gone.signal).then(ready.resolve, ready.reject);
  try {
    await Promise.race([ready.promise, died.promise]);
  } catch (error) {
    await end('SIGKILL');
    throw error;
  } finally {
    clearTimeout(timer);
  }
  return {
    pid: child.pid ?? 0,
    died: died.promise,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    freeze: () => send(child, 'SIGSTOP'),
    thaw: () => send(child, 'SIGCONT'),
  };
};

const inheritedEnv = (): Record<string, string> =>
  Object.fromEntries(
    INHERITED.map((name): [string, string | undefined] => [name, process.env[name]]).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );

const follow = (child: ChildProcess, log: WriteStream, onLine: (line: string) => void): void => {
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      log.write(`${line}\n`);
      onLine(line);
    });
  }
};

/** Says how it ended, once its whole group is gone: others of the group hold its pipes open for as long as they live. */
const untilEnd = (child: ChildProcess): Promise<string> => {
  const { promise, resolve } = Promise.withResolvers<string>();
  child.once('error', (error) => resolve(`could not be started: ${error.message}`));
  child.once('close', (code, signal) =>
    resolve(signal === null ? `ended with code ${code}` : `was ended by ${signal}`),
  );
  return promise;
};

/** Unless it is gone: its number may be somebody else's by then. */
const send = (child: ChildProcess, name: NodeJS.Signals): void => {
  if (running.has(child)) signalGroup(child, name);
};
