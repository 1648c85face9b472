import { describe, expect, it } from 'vitest';
import { TransientError } from '../../../../shared/errors.ts';
import { createGate } from '../../../../shared/store/driver/createGate.ts';

/** Work that runs until it is told to end. */
const createWork = () => {
  const started: number[] = [];
  const ends: (() => void)[] = [];
  const work = (number: number) => () => {
    const { promise, resolve } = Promise.withResolvers<number>();
    started.push(number);
    ends[number] = () => resolve(number);
    return promise;
  };
  return { started, work, end: (number: number) => ends[number]?.() };
};

const settled = () => new Promise(setImmediate);

describe('a gate', () => {
  it('lets so much run at the same time, and the rest in the order in which it came', async () => {
    const gate = createGate({ max: 2, what: 'statements', waitMs: 1_000 });
    const { started, work, end } = createWork();

    const all = [0, 1, 2, 3].map((number) => gate(work(number)));
    await settled();
    expect(started).toEqual([0, 1]);
    end(1);
    await settled();
    expect(started).toEqual([0, 1, 2]);
    end(0);
    end(2);
    await settled();
    end(3);

    expect(await Promise.all(all)).toEqual([0, 1, 2, 3]);
  });

  it('makes room when work fails, and tells of the failure', async () => {
    const gate = createGate({ max: 1, what: 'statements', waitMs: 1_000 });

    const failing = gate(() => Promise.reject(new Error('no')));
    const next = gate(async () => 'done');

    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('done');
  });

  it('gives up on what waited too long, and goes on with what came later', async () => {
    let nowMs = 0;
    const gate = createGate({ max: 1, what: 'statements', waitMs: 1_000, clock: () => nowMs });
    const { started, work, end } = createWork();
    void gate(work(0));
    const late = gate(work(1));
    nowMs = 1;
    const inTime = gate(work(2));
    nowMs = 1_001;

    end(0);

    await expect(late).rejects.toThrow(TransientError);
    await expect(late).rejects.toThrow('waited more than 1000 ms for 1 statements before it');
    end(2);
    expect(await inTime).toBe(2);
    expect(started).toEqual([0, 2]);
  });
});
