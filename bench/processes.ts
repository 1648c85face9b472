import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const KIB = 1024;

/** The bytes of memory that a process occupies: its resident set. */
export const residentBytes = async (pid: number): Promise<number> => {
  const kib =
    process.platform === 'linux'
      ? /^VmRSS:\s*(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]
      : await ps('-o', 'rss=', '-p', String(pid));
  if (kib === undefined) throw new Error(`process ${pid} does not tell its resident set`);
  return Number(kib) * KIB;
};

/**
 * The process that we started with this argument; the parts of the local system keep theirs to themselves.
 */
export const childPid = async (argument: string): Promise<number> => {
  const lines = (await ps('-A', '-ww', '-o', 'pid=,ppid=,args=')).split('\n');
  for (const line of lines) {
    const [pid, parent, ...args] = line.trim().split(/\s+/);
    if (Number(parent) === process.pid && args.includes(argument)) return Number(pid);
  }
  throw new Error(`no process of ours has the argument ${argument}`);
};

const ps = async (...args: readonly string[]): Promise<string> =>
  (await promisify(execFile)('ps', args)).stdout.trim();
