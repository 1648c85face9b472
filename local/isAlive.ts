/** Whether a process is there: the signal 0 asks and does nothing (https://man7.org/linux/man-pages/man2/kill.2.html). */
export const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    // ESRCH, or EPERM for somebody else's process that took the number over: not ours in either case.
    return false;
  }
};
