import { readdir, readFile } from 'node:fs/promises';

const NANOSECONDS = 1e6;

/** The kernel shows the time of a whole process in hundredths of a second. */
const TICK_MS = 10;

/**
 * The CPU time that a process has used so far, in milliseconds, as the kernel counts it. It is exact as long
 * as no thread has ended, such as a compiler of a JVM. After that it is up to `TICK_MS` too low: what threads
 * had used when they ended is only in the time of the whole process.
 * @throws Error that says what the bench needs, where the kernel does not tell.
 */
export const cpuMsOf = async (pid: number): Promise<number> => {
  const folder = `/proc/${pid}`;
  try {
    const threads = await readdir(`${folder}/task`);
    const times = await Promise.all(threads.map((thread) => threadMs(`${folder}/task/${thread}/schedstat`)));
    const living = times.reduce((sum, ms) => sum + ms, 0);
    return Math.max(living, toProcessMs(await readFile(`${folder}/stat`, 'utf8')));
  } catch (error) {
    throw new Error(
      `cannot read the CPU time of process ${pid} from ${folder}: the process is gone, or this is not ` +
        'Linux. The bench runs on Linux only',
      { cause: error },
    );
  }
};

/** Fields 14 and 15 are the times spent in its own code and in the kernel: proc_pid_stat(5). */
const toProcessMs = (stat: string): number => {
  // The second field is the name of the program, which may hold blanks and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
};

/** The CPU time of all these processes together. */
export const cpuMsOfAll = async (pids: readonly number[]): Promise<number> =>
  (await Promise.all(pids.map(cpuMsOf))).reduce((sum, ms) => sum + ms, 0);

const threadMs = async (file: string): Promise<number> => {
  // A thread may end between the listing and the reading.
  const text = await readFile(file, 'utf8').catch(() => '0');
  return Number(text.split(' ')[0]) / NANOSECONDS;
};
