import { fork } from 'node:child_process';
import { once } from 'node:events';

/**
 * Runs a script of this folder in a process of its own, until it sends its one result.
 * @throws Error when it ends before that.
 */
export const runFork = async <T>(
  script: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<T> => {
  const child = fork(script, [...args], {
    env: { ...env, PATH: process.env.PATH, METADATA_SERVER_DETECTION: 'none' },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const gone = once(child, 'exit').then(([code]): never => {
    throw new Error(`${script} ended with ${code} and no result`);
  });
  gone.catch(() => {});
  try {
    return (await Promise.race([once(child, 'message'), gone]))[0] as T;
  } finally {
    child.kill('SIGKILL');
  }
};
