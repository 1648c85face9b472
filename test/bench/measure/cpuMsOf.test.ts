import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { cpuMsOf } from '../../../bench/measure/cpuMsOf.ts';

const isLinux = process.platform === 'linux';

it.runIf(isLinux)('is the CPU time that the kernel counts for a process', async () => {
  const before = { kernel: await cpuMsOf(process.pid), own: process.cpuUsage() };

  for (let until = performance.now() + 100; performance.now() < until;);

  const { user, system } = process.cpuUsage(before.own);
  const used = (await cpuMsOf(process.pid)) - before.kernel;
  expect(used).toBeGreaterThan(0);
  expect(Math.abs(used - (user + system) / 1_000)).toBeLessThan(60);
});

it.runIf(isLinux)('keeps what a thread used that has ended', async () => {
  const before = await cpuMsOf(process.pid);
  const burn = 'while (process.threadCpuUsage().user < 300_000);';
  await once(new Worker(burn, { eval: true }), 'exit');

  expect((await cpuMsOf(process.pid)) - before).toBeGreaterThan(250);
});

it('says what it needs, where there is no such process or no /proc', async () => {
  await expect(cpuMsOf(2 ** 30)).rejects.toThrow('The bench runs on Linux only');
});
