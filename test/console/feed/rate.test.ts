import { expect, it } from 'vitest';
import { createRate } from '../../../console/feed/rate.ts';

const NOW = 1_795_000_000_000;

it('is the mean of the last 10 s', () => {
  const rate = createRate();

  for (let second = 0; second < 20; second += 1) rate.add(NOW + second * 1_000, 7);

  expect(rate.perSecond(NOW + 19_000)).toBe(7);
});

it('forgets what is older than 10 s, and counts it in the total', () => {
  const rate = createRate();
  rate.add(NOW, 100);

  const soon = rate.perSecond(NOW + 9_000);
  const later = rate.perSecond(NOW + 10_250);

  expect({ soon, later, total: rate.total() }).toEqual({ soon: 10, later: 0, total: 100 });
});

it('stays right after a pause that is longer than its window', () => {
  const rate = createRate();
  rate.add(NOW, 50);

  rate.add(NOW + 3_600_000, 20);

  expect(rate.perSecond(NOW + 3_600_000)).toBe(2);
});

it('counts an event whose time lies before the last one with that one', () => {
  const rate = createRate();
  rate.add(NOW, 1);

  rate.add(NOW - 5_000, 1);

  expect(rate.perSecond(NOW)).toBe(0.2);
});
