import { readdir, readFile } from 'node:fs/promises';

const NANOSECONDS = 1e6;

/**
 * The CPU time that a process has used so far, in milliseconds, as the kernel counts it for each thread.
 * @throws Error that says what the bench needs, where the kernel does not tell.
 */
export const cpuMsOf = async (pid: number): Promise<number> => {
  const folder = `/proc/${pid}/task`;
  const threads = await readdir(folder).catch((error: unknown): never => {
    throw new Error(
      `cannot read the CPU time of process ${pid} from ${folder}: the process is gone, or this is not ` +
        'Linux. The bench runs on Linux only',
      { cause: error },
    );
  });
  const times = await Promise.all(threads.map((thread) => threadMs(`${folder}/${thread}/schedstat`)));
  return times.reduce((sum, ms) => sum + ms, 0);
};

/** The CPU time of all these processes together. */
export const cpuMsOfAll = async (pids: readonly number[]): Promise<number> =>
  (await Promise.all(pids.map(cpuMsOf))).reduce((sum, ms) => sum + ms, 0);

const threadMs = async (file: string): Promise<number> => {
  // A thread may end between the listing and the reading.
  const text = await readFile(file, 'utf8').catch(() => '0');
  return Number(text.split(' ')[0]) / NANOSECONDS;
};
