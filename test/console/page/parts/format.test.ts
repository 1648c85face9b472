import { describe, expect, it } from 'vitest';
import { format } from '../../../../console/page/parts/format.ts';

const NOON = new Date(2026, 10, 28, 12, 0, 0).getTime();

describe('a number on the page', () => {
  it.for<[number, string]>([
    [0, '0/s'],
    [0.01, '<0.1/s'],
    [0.72, '0.7/s'],
    [9.96, '10/s'],
    [107.6, '108/s'],
    [1_999.7, '2,000/s'],
  ])('of %d a second is %s', ([value, text]) => {
    expect(format.rate(value)).toBe(text);
  });

  it.for<[number, string]>([
    [0, '0 ms'],
    [38.4, '38 ms'],
    [999.6, '1.00 s'],
    [3_906, '3.91 s'],
    [12_345, '12 s'],
    [60_000, '1 min'],
    [252_000, '4 min 12 s'],
    [7_380_000, '2 h 3 min'],
    [90_000_000, '1 d 1 h'],
    [-5, '0 ms'],
  ])('of %d ms is %s', ([value, text]) => {
    expect(format.duration(value)).toBe(text);
  });

  it('that is not known is a dash, and never 0', () => {
    expect([format.count(null), format.rate(null), format.duration(undefined), format.time(null)]).toEqual(
      Array(4).fill('–'),
    );
  });
});

describe('a time on the page', () => {
  it('is local, with its day only where that is another one', () => {
    expect(format.time(NOON + 1_060, NOON)).toBe('12:00:01');
    expect(format.exactTime(NOON + 1_060, NOON)).toBe('12:00:01.060');
    expect(format.time(NOON - 24 * 3_600_000, NOON)).toBe('2026-11-27 12:00:00');
  });
});
