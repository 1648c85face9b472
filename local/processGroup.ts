import { type ChildProcess, spawn } from 'node:child_process';

/** Signals a child that leads a group of its own, and whatever of its group is left. One that has gone hears nothing. */
export const signalGroup = ({ pid }: ChildProcess, signal: NodeJS.Signals): void => {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // It went in the meantime: ESRCH, or macOS's EPERM for a group in which only zombies are left.
    if (!(error instanceof Error && 'code' in error && ['ESRCH', 'EPERM'].includes(String(error.code))))
      throw error;
  }
};

/**
 * Ends the group of a child when we end without a chance to, by a SIGKILL for one: the guard's input then ends, for we
 * alone hold its other side.
 * @returns the guard, which is killed once the group is gone; undefined where there is no group.
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
