import { describe, expect, it } from 'vitest';
import { createStallClock } from '../../../proof/chaos/stallClock.ts';

/** A clock that a test sets, in milliseconds. */
const setUp = () => {
  let nowMs = 0;
  const stall = createStallClock(() => nowMs);
  const at = (ms: number) => {
    nowMs = ms;
    return stall;
  };
  return at;
};

describe('the longest stall', () => {
  it('is the longest time between two acks while messages wait', () => {
    const at = setUp();

    at(1_000).waiting();
    at(3_000).acked(true);
    at(9_000).acked(true);
    at(10_000).acked(false);

    expect(at(60_000).longest()).toEqual({ seconds: 6, endedAtSeconds: 9 });
  });

  it('begins when a first message waits again', () => {
    const at = setUp();

    at(0).waiting();
    at(1_000).acked(false);
    at(50_000).waiting();
    at(51_000).waiting();
    at(54_000).acked(false);

    expect(at(99_000).longest()).toEqual({ seconds: 4, endedAtSeconds: 54 });
  });

  it('counts a stall that has not ended', () => {
    const at = setUp();

    at(0).waiting();

    expect(at(7_000).longest()).toEqual({ seconds: 7, endedAtSeconds: 7 });
  });
});
