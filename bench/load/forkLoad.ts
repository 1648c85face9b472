import { fork } from 'node:child_process';
import { once } from 'node:events';

/** A process of this folder that sends messages. */
interface Load {
  readonly pid: number;
  readonly send: (message: object) => void;
  /**
   * Waits for the next message of the process.
   * @throws Error when the process ends before that.
   */
  readonly answer: <T>() => Promise<T>;
  /** Ends it at once, and waits until it is gone. */
  readonly stop: () => Promise<void>;
}

/** Starts a script in a process of its own, which ends when we end. */
export const forkLoad = (
  script: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Load => {
  const child = fork(script, [...args], {
    env: { ...env, PATH: process.env.PATH, METADATA_SERVER_DETECTION: 'none' },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  // After an interrupt nobody calls `stop`, and its connection to Cassandra would keep it alive.
  const kill = (): boolean => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  const exited = once(child, 'exit');
  const gone = exited.then(([code, signal]): never => {
    throw new Error(`${script} ended with ${code ?? signal}, and not by us`);
  });
  gone.catch(() => {});
  return {
    pid: child.pid ?? 0,
    send: (message) => child.send(message),
    answer: async <T>() => (await Promise.race([once(child, 'message'), gone]))[0] as T,
    stop: async () => {
      kill();
      await exited;
    },
  };
};
