import { describe, expect, it } from 'vitest';
import { createQuietFeed } from '../../../../console/feed/quietFeed.ts';
import { NOTHING_YET } from '../../../../console/page/frame/createLive.ts';
import { format } from '../../../../console/page/parts/format.ts';
import { sumsTime } from '../../../../console/page/parts/sumsTime.ts';
import type { Live } from '../../../../console/page/view.ts';
import { NOTHING_YET as NO_SUMS } from '../../../../console/sums/liveSums.ts';

const COUNTED_AT_MS = 1_705_831_200_000;
const TIME = format.time(COUNTED_AT_MS);

/** @param ageMs how old the sums are. @param behind what has come since. */
const timeOf = (ageMs: number, behind: number, changes: Partial<Live> = {}) => {
  const frame = createQuietFeed(() => COUNTED_AT_MS + ageMs)
    .open({ text: '', topic: '', outcomes: [] })
    .next();
  return sumsTime({
    ...NOTHING_YET,
    state: 'live',
    frame: { ...frame, versions: { ...frame.versions, tables: 7 + behind } },
    sums: { ...NO_SUMS, countedAtMs: COUNTED_AT_MS, version: 7 },
    ...changes,
  });
};

describe('the time of the sums', () => {
  it('is now while they are young, or nothing has come since', () => {
    expect(timeOf(9_000, 1)).toEqual({});
    expect(timeOf(70_000, 0)).toEqual({});
  });

  it('is said when messages have come since, a while ago', () => {
    expect(timeOf(11_000, 1)).toEqual({ at: TIME });
  });

  it('is where they come from when they cannot be known now', () => {
    expect(timeOf(0, 0, { state: 'lost' })).toEqual({ from: `from ${TIME}` });
    expect(timeOf(0, 0, { sumsProblem: 'no answer' })).toEqual({ from: `from ${TIME}` });
    const sums = { ...NO_SUMS, countedAtMs: COUNTED_AT_MS, problem: 'no host' };
    expect(timeOf(0, 0, { sums })).toEqual({ from: `from ${TIME}` });
  });

  it('is nothing without sums', () => {
    expect(timeOf(0, 0, { sums: null })).toEqual({});
  });
});
