import { type ChildProcess, spawn } from 'node:child_process';

/** Sends a signal to the whole group that a child leads. Does nothing when the group is gone. */
export const signalGroup = ({ pid }: ChildProcess, signal: NodeJS.Signals): void => {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // The group is gone: ESRCH, or EPERM on macOS when only zombies are left in it.
    if (!(error instanceof Error && 'code' in error && ['ESRCH', 'EPERM'].includes(String(error.code))))
      throw error;
  }
};

/**
 * Starts a guard that kills the child's group when this process cannot do so, because it got a SIGKILL
 * itself. The guard waits for the end of its input. Only this process holds the other side of that pipe, so
 * the input ends with it.
 * @returns the guard: the caller kills it once the group is gone. Undefined: the child did not start.
 */
export const guardGroup = ({ pid }: ChildProcess): ChildProcess | undefined => {
  if (pid === undefined) return undefined;
  const script = 'read -r _; kill -s KILL -- "-$1"';
  return spawn('/bin/sh', ['-c', script, 'guard', String(pid)], {
    detached: true,
    env: {},
    stdio: ['pipe', 'ignore', 'ignore'],
  });
};
