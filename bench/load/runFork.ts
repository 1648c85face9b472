import { forkLoad } from './forkLoad.ts';

/**
 * Runs a script of this folder in a process of its own, until it sends its one result.
 * @throws Error when it ends before that.
 */
export const runFork = async <T>(
  script: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<T> => {
  const { answer, stop } = forkLoad(script, env, args);
  try {
    return await answer<T>();
  } finally {
    await stop();
  }
};
