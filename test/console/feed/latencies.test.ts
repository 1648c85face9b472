import { expect, it } from 'vitest';
import { createLatencies } from '../../../console/feed/latencies.ts';

const NOW = 1_795_000_000_000;

it('knows percentiles within 5%', () => {
  const latencies = createLatencies();
  for (let ms = 1; ms <= 1_000; ms += 1) latencies.add(NOW, ms);

  const { p50 = 0, p95 = 0, p99 = 0 } = latencies.percentiles(NOW, 10_000) ?? {};

  expect(Math.abs(p50 - 500) / 500).toBeLessThan(0.05);
  expect(Math.abs(p95 - 950) / 950).toBeLessThan(0.05);
  expect(Math.abs(p99 - 990) / 990).toBeLessThan(0.05);
});

it('is undefined, and not 0, when nothing was added in its window', () => {
  const latencies = createLatencies();
  latencies.add(NOW, 10);

  expect(latencies.percentiles(NOW + 11_000, 10_000)).toBeUndefined();
});

it('looks only so far back as it is asked to', () => {
  const latencies = createLatencies();
  latencies.add(NOW, 1_000);
  latencies.add(NOW + 4_000, 10);

  expect(latencies.percentiles(NOW + 4_000, 2_000)?.p99).toBeLessThan(11);
});

it('counts what took longer than an hour as an hour', () => {
  const latencies = createLatencies();
  latencies.add(NOW, 1e12);

  expect(latencies.percentiles(NOW, 10_000)?.p50).toBeGreaterThan(3_600_000);
});
