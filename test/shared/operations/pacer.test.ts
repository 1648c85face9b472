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

  expect(time.clock() - beforeMs).toBeGreaterThanOrEqual(600);
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
  const idle = pacer.idle();
  for (const end of ends) end();
  await idle;
});
