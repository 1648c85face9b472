import { describe, expect, it } from 'vitest';
import { createPace } from '../../../functions/audit/createPace.ts';
import { TransientError } from '../../../shared/errors.ts';

/** A pace of 1,000 rows a second, on a clock that only its own waits move. */
const setUp = (deadlineAtMs = Infinity) => {
  const state = { nowMs: 0 };
  const sleep = async (ms: number): Promise<void> => {
    state.nowMs += ms;
  };
  const pace = createPace({ rowsPerSecond: 1_000, clock: () => state.nowMs, deadlineAtMs, sleep });
  return { state, pace };
};

describe('a pace', () => {
  it('lets so many rows through in a second, in large pieces and in small ones', async () => {
    const { state, pace } = setUp();

    for (let piece = 0; piece < 10; piece += 1) await pace(100);
    expect(state.nowMs).toBe(1_000);
    for (let row = 0; row < 1_000; row += 1) await pace(1);
    expect(state.nowMs).toBeGreaterThan(1_950);
    expect(state.nowMs).toBeLessThanOrEqual(2_000);
  });

  it('gives no credit for a pause', async () => {
    const { state, pace } = setUp();

    state.nowMs = 60_000;
    await pace(500);

    expect(state.nowMs).toBe(60_500);
  });

  it('ends with a TransientError at the deadline', async () => {
    const { state, pace } = setUp(5_000);

    state.nowMs = 4_999;
    await pace(1);
    state.nowMs = 5_000;

    await expect(pace(1)).rejects.toThrow(TransientError);
  });
});
