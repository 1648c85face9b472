import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { DONE, untilHang } from '../../../proof/fuzz/untilHang.ts';
import type { WorkerTask } from '../../../proof/fuzz/worker.ts';

const LIMITS = { hangMsMax: 20, lookEveryMs: 2 };
const placeAt = (index: bigint): BigInt64Array => {
  const place = new BigInt64Array(new SharedArrayBuffer(8));
  place[0] = index;
  return place;
};

describe('the watch over fuzzing threads', () => {
  it.each([
    ['the last input of all, when another thread is done', [DONE, 19_999n], 19_999],
    ['an input after the last one of another thread', [DONE, 7n, DONE], 7],
    ['an input before that of a thread that goes on', [3n], 3],
  ])('reports a thread that stays at %s', async (_name, indexes, hung) => {
    const { signal } = new AbortController();

    expect(await untilHang(indexes.map(placeAt), { ...LIMITS, signal, onProgress: () => {} })).toBe(hung);
  });

  it('lets threads be that are done or go on, and tells the smallest present input', async () => {
    const ended = new AbortController();
    const [going, seen] = [placeAt(5n), new Set<number | undefined>()];
    const startedAt = performance.now();

    const hung = await untilHang([going, placeAt(DONE)], {
      ...LIMITS,
      signal: ended.signal,
      onProgress: (index) => {
        seen.add(index);
        const waitedMs = performance.now() - startedAt;
        Atomics.store(going, 0, waitedMs > LIMITS.hangMsMax ? DONE : Atomics.load(going, 0) + 1n);
        if (waitedMs > 3 * LIMITS.hangMsMax) ended.abort();
      },
    });

    expect(hung).toBeUndefined();
    expect([seen.has(5), seen.has(undefined), seen.has(-1)]).toEqual([true, true, false]);
  });

  it('is told by a thread that has run all its inputs', async () => {
    const place = placeAt(0n);
    const current = place.buffer as SharedArrayBuffer;
    const task: WorkerTask = { suite: 'lines', seed: 7, from: 0, to: 3, step: 1, current };
    const worker = new Worker(new URL('../../../proof/fuzz/worker.ts', import.meta.url), {
      workerData: task,
    });

    const [figures] = await once(worker, 'message');

    expect(figures).toMatchObject({ inputs: 3, violations: [] });
    expect(Atomics.load(place, 0)).toBe(DONE);
    await worker.terminate();
  });
});
