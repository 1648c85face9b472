import { describe, expect, it } from 'vitest';
import { attemptsAxis } from '../../../../../console/page/views/stream/attemptsAxis.ts';
import { attempt } from '../../../../support/console/seenMessages.ts';

describe('the axis of attempts', () => {
  it('begins with the first attempt and ends with the last', () => {
    const bars = attemptsAxis(
      [
        attempt({ startedAtMs: 1_000, endedAtMs: 1_200, backoffMs: 600 }),
        attempt({ startedAtMs: 1_800, endedAtMs: 2_000 }),
      ],
      9_999,
    );

    expect(bars).toEqual([
      { left: 0, width: 20, gap: { left: 20, width: 60 } },
      { left: 80, width: 20, gap: undefined },
    ]);
  });

  it('reaches to now for one that is under way, and to the next attempt for one that waits', () => {
    expect(attemptsAxis([attempt({ startedAtMs: 1_000, endedAtMs: null })], 1_500)).toEqual([
      { left: 0, width: 100, gap: undefined },
    ]);
    expect(attemptsAxis([attempt({ startedAtMs: 1_000, endedAtMs: 1_100, backoffMs: 900 })], 1_500)).toEqual([
      { left: 0, width: 10, gap: { left: 10, width: 90 } },
    ]);
  });

  it('divides by nothing when an attempt took no time', () => {
    expect(attemptsAxis([attempt({ startedAtMs: 5, endedAtMs: 5 })], 5)).toEqual([
      { left: 0, width: 0, gap: undefined },
    ]);
    expect(attemptsAxis([], 5)).toEqual([]);
  });
});
