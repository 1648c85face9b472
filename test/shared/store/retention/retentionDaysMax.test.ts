import { describe, expect, it } from 'vitest';
import { refusedFromMs, retentionDaysMax } from '../../../../shared/store/retention/retentionDaysMax.ts';

describe('the longest retention', () => {
  it.each([
    ['2020-01-01', 5_863],
    ['2026-11-29', 3_339],
    ['2035-12-20', 31],
  ])('leaves two years in which dead letters can be recorded: set on %s, %i days', (day, days) => {
    expect(retentionDaysMax(Date.parse(day))).toBe(days);
    expect(refusedFromMs(days)).toBeGreaterThanOrEqual(Date.parse(day) + 730 * 86_400_000);
  });
});
