import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const KIB = 1024;

/** Returns the resident set of a process, in bytes. */
export const residentBytes = async (pid: number): Promise<number> => {
  const kib =
    process.platform === 'linux'
      ? /^VmRSS:\s*(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]
      : await ps('-o', 'rss=', '-p', String(pid));
  if (kib === undefined) throw new Error(`cannot read the resident set of process ${pid}`);
  return Number(kib) * KIB;
};

/** Finds our child process with this argument. The local system does not tell the ids of its processes. */
export const childPid = async (argument: string): Promise<number> => {
  const lines = (await ps('-A', '-ww', '-o', 'pid=,ppid=,args=')).split('\n');
  for (const line of lines) {
    const [pid, parent, ...args] = line.trim().split(/\s+/);
    if (Number(parent) === process.pid && args.includes(argument)) return Number(pid);
  }
  throw new Error(`none of our child processes has the argument ${argument}`);
};

const ps = async (...args: readonly string[]): Promise<string> =>
  (await promisify(execFile)('ps', args)).stdout.trim();
