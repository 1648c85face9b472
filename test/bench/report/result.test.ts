import { describe, expect, it } from 'vitest';
import { atLeast, atMost, format, formatInterval, isVoid } from '../../../bench/report/result.ts';

describe('a run', () => {
  it.each([
    [[], false],
    [[1.02, 0.95], false],
    [[1.02, 0.85], true],
    [[1.11], true],
    [[Number.NaN], true],
  ])('with the controls %j is void: %j', (controls, expected) => {
    expect(isVoid(controls)).toBe(expected);
  });
});

describe('a target', () => {
  it('is met by its median, and keeps the interval', () => {
    const measured = { value: 3.1, low: 2.9, high: 3.4 };

    expect(atLeast('speed', measured, 3)).toEqual({ name: 'speed', ...measured, target: '>= 3', met: true });
    expect(atMost('speed', measured, 3)).toMatchObject({ target: '<= 3', met: false });
  });

  it('of an exact count has no interval', () => {
    expect(atMost('errors', 0, 0)).toMatchObject({ value: 0, low: 0, high: 0, met: true });
  });

  it('that could not be measured is missed', () => {
    expect(atMost('cost', Number.NaN, 1).met).toBe(false);
  });
});

it.each([
  [1234.567, '1,235'],
  [12.34, '12.3'],
  [0.12345, '0.123'],
])('%d is shown as %s', (value, text) => {
  expect(format(value)).toBe(text);
});

it('shows an interval', () => {
  expect(formatInterval({ value: 3.1, low: 2.9, high: 3.4 })).toBe('3.1 (2.9 to 3.4)');
});
