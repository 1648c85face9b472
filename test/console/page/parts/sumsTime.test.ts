import { describe, expect, it } from 'vitest';
import { createQuietFeed } from '../../../../console/feed/quietFeed.ts';
import { NOTHING_YET } from '../../../../console/page/frame/createLive.ts';
import { format } from '../../../../console/page/parts/format.ts';
import { sumsFrom, sumsTime } from '../../../../console/page/parts/sumsTime.ts';
import type { Live } from '../../../../console/page/view.ts';
import { NOTHING_YET as NO_SUMS } from '../../../../console/sums/liveSums.ts';

const COUNTED_AT_MS = 1_705_831_200_000;
const TIME = format.time(COUNTED_AT_MS);

const COUNTED = { ...NO_SUMS, countedAtMs: COUNTED_AT_MS, passAtMs: COUNTED_AT_MS, version: 7 };

/** @param ageMs how old the sums are. @param behind what has come since. */
const liveOf = (ageMs: number, behind: number, changes: Partial<Live> = {}): Live => {
  const frame = createQuietFeed(() => COUNTED_AT_MS + ageMs)
    .open({ text: '', topic: '', outcomes: [] })
    .next();
  return {
    ...NOTHING_YET,
    state: 'live',
    frame: { ...frame, startedAtMs: 0, versions: { ...frame.versions, tables: 7 + behind } },
    sums: COUNTED,
    ...changes,
  };
};
const timeOf = (...of: Parameters<typeof liveOf>) => sumsTime(liveOf(...of));
const fromOf = (...of: Parameters<typeof liveOf>) => sumsFrom(liveOf(...of));

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
    expect(timeOf(0, 0, { sums: { ...COUNTED, problem: 'no host' } })).toEqual({ from: `from ${TIME}` });
  });

  it('is said of old ones where nobody knows what has come since', () => {
    expect(timeOf(70_000, 0, { sums: { ...COUNTED, version: null } })).toEqual({ at: TIME });
  });

  it('is said in the same words of every number that has no verdict', () => {
    expect(fromOf(0, 0)).toBeUndefined();
    expect(fromOf(11_000, 1)).toBe(`from ${TIME}`);
    expect(fromOf(0, 0, { state: 'lost' })).toBe(`from ${TIME}`);
  });

  it('is nothing without sums, and before the first count', () => {
    expect(timeOf(0, 0, { sums: null })).toEqual({});
    expect(timeOf(0, 0, { sums: { ...NO_SUMS, problem: 'no host' } })).toEqual({});
  });
});
