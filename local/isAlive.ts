/**
 * Whether a process of this user runs. Signal 0 only asks: https://man7.org/linux/man-pages/man2/kill.2.html
 */
export const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    // ESRCH: it is gone. EPERM: its id now belongs to a process of another user.
    return false;
  }
};
