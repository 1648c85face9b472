import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPoll } from '../../../console/cloud/createPoll.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const MINUTE_MS = 60_000;

describe('a poll', () => {
  it('begins with the first look, and goes on each minute while somebody looks', async () => {
    const work = vi.fn<() => Promise<void>>(async () => {});
    const poll = createPoll({ work, clock: Date.now });
    await vi.advanceTimersByTimeAsync(5 * MINUTE_MS);
    expect(work).not.toHaveBeenCalled();

    for (let second = 0; second < 170; second += 1) {
      poll.wanted();
      await vi.advanceTimersByTimeAsync(1_000);
    }

    expect(work).toHaveBeenCalledTimes(3);
    await poll.stop();
  });

  it('stops when nobody looks any more, and begins again with the next look', async () => {
    const work = vi.fn<() => Promise<void>>(async () => {});
    const poll = createPoll({ work, clock: Date.now });

    poll.wanted();
    await vi.advanceTimersByTimeAsync(60 * MINUTE_MS);
    const before = work.mock.calls.length;
    poll.wanted();
    await vi.advanceTimersByTimeAsync(1_000);

    expect(before).toBeLessThanOrEqual(3);
    expect(work).toHaveBeenCalledTimes(before + 1);
    await poll.stop();
  });

  it('waits longer after each failure, at most ten minutes, says why, and forgets it after a success', async () => {
    const startedAt: number[] = [];
    let isBroken = true;
    const poll = createPoll({
      clock: Date.now,
      work: async () => {
        startedAt.push(Date.now());
        if (isBroken) throw new Error('it answered 503');
      },
    });

    for (let second = 0; second < 60 * 60; second += 1) {
      poll.wanted();
      await vi.advanceTimersByTimeAsync(1_000);
    }
    const pauses = startedAt
      .slice(1)
      .map((at, index) => Math.round((at - (startedAt[index] ?? 0)) / MINUTE_MS));
    expect(pauses).toEqual([2, 4, 8, 10, 10, 10, 10]);
    expect(poll.problem()).toBe('it answered 503');

    isBroken = false;
    for (let second = 0; second < 600; second += 1) {
      poll.wanted();
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(poll.problem()).toBeNull();
    await poll.stop();
  });

  it('works at once when it is asked to, whatever the pause after a failure', async () => {
    const poll = createPoll({ work: () => Promise.reject(new Error('no')), clock: Date.now });
    poll.wanted();
    await vi.advanceTimersByTimeAsync(1_000);
    poll.wanted();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(poll.ended()).toBe(1);

    poll.again();
    await vi.advanceTimersByTimeAsync(1_000);

    expect(poll.ended()).toBe(2);
    await poll.stop();
  });

  it('does nothing after it was stopped', async () => {
    const work = vi.fn<() => Promise<void>>(async () => {});
    const poll = createPoll({ work, clock: Date.now });

    poll.wanted();
    await poll.stop();
    poll.wanted();
    await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);

    expect(work).not.toHaveBeenCalled();
  });
});
