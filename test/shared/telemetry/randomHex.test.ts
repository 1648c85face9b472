import { expect, test } from 'vitest';
import { randomHex } from '../../../shared/telemetry/randomHex.ts';

test('random hex digits are as many as asked for, however many', () => {
  for (const digits of [1, 16, 32, 48, 6_145, 100_000]) {
    const drawn = randomHex(digits);
    expect(drawn).toMatch(/^[0-9a-f]+$/);
    expect(drawn).toHaveLength(digits);
  }
});

test('no two ids are alike', () => {
  const ids = Array.from({ length: 10_000 }, () => randomHex(16));
  expect(new Set(ids).size).toBe(ids.length);
});
