import { expect, it } from 'vitest';
import { createPacer } from '../../../shared/operations/pacer.ts';

const createTime = () => {
  let nowMs = 0;
  return {
    clock: () => nowMs,
    sleep: async (ms: number) => {
      nowMs += ms;
    },
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
};

it('begins work at its rate', async () => {
  const time = createTime();
  const pacer = createPacer({ ratePerSecond: 50, inFlightMax: 9, ...time });
  const begun: number[] = [];

  for (let count = 0; count < 101; count += 1) {
    await pacer.begin(async () => void begun.push(time.clock()));
  }

  expect(begun[0]).toBe(0);
  expect(begun.at(-1)).toBeCloseTo(2_000, -1);
});

it('makes up for a short pause, and not for a long one', async () => {
  const time = createTime();
  const pacer = createPacer({ ratePerSecond: 10, inFlightMax: 9, ...time });
  const begin = () => pacer.begin(async () => {});
  await begin();

  time.pass(60_000);
  const beforeMs = time.clock();
  for (let count = 0; count < 10; count += 1) await begin();

  // The work that was late, two pieces of the 250 ms before it, and the rest at its rate.
  expect(time.clock() - beforeMs).toBeCloseTo(650, 5);
});

it('does not sleep for less than a timer can wait', async () => {
  const slept: number[] = [];
  const pacer = createPacer({
    ratePerSecond: 1_000,
    inFlightMax: 9,
    clock: () => 0,
    sleep: async (ms) => void slept.push(ms),
  });

  for (let count = 0; count < 4; count += 1) await pacer.begin(async () => {});

  expect(slept).toEqual([1, 2, 3]);
});

it('waits by the timers of this process unless it is told otherwise', async () => {
  const pacer = createPacer({ ratePerSecond: 100, inFlightMax: 9 });
  const startedAtMs = performance.now();

  for (let count = 0; count < 3; count += 1) await pacer.begin(async () => {});

  expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(15);
});

it('holds work back while too much runs, and knows when nothing runs', async () => {
  const time = createTime();
  const pacer = createPacer({ ratePerSecond: 1_000, inFlightMax: 2, ...time });
  const ends: (() => void)[] = [];
  const work = () => new Promise<void>((resolve) => ends.push(resolve));
  await pacer.begin(work);
  await pacer.begin(work);
  let isThirdBegun = false;

  const third = pacer.begin(work).then(() => (isThirdBegun = true));
  await new Promise(setImmediate);
  expect([ends.length, isThirdBegun]).toEqual([2, false]);
  ends[0]?.();
  await third;
  expect(ends).toHaveLength(3);
  let isIdle = false;
  const idle = pacer.idle().then(() => (isIdle = true));
  await new Promise(setImmediate);
  expect(isIdle).toBe(false);
  for (const end of ends) end();
  await idle;
});
