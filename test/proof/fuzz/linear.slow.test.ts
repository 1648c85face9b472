import { Worker } from 'node:worker_threads';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Work } from '../../../proof/fuzz/countWork.ts';
import { LONG_BODIES } from '../../../proof/fuzz/generate/longBodies.ts';

const SIZES = [8_192, 16_384, 32_768];
/**
 * Twice the length means twice the work, and four times the work with a nested loop. V8's counts vary a
 * little when it optimizes.
 */
const GROWTH_MAX = 2.5;
const FAULT = 'masked again and again';

const countWork = (): Promise<readonly Work[]> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('../../../proof/fuzz/countWork.ts', import.meta.url), {
      workerData: SIZES,
    });
    worker.once('message', resolve);
    worker.once('error', reject);
  });

describe('the work for a hostile body', () => {
  let works: readonly Work[] = [];

  beforeAll(async () => {
    works = await countWork();
  });

  const blocksOf = (reading: string, body: string): readonly number[] =>
    works.find((work) => work.reading === reading && work.body === body)?.blocks ?? [];

  describe.each(['masked as text', 'masked as a body', 'read as an order', 'read as a push'])(
    'when it is %s',
    (reading) => {
      it.each(Object.keys(LONG_BODIES))('grows no faster than its length: %s', (body) => {
        const [small = 0, middle = 0, large = 0] = blocksOf(reading, body);

        expect(small).toBeGreaterThan(0);
        expect(middle).toBeLessThanOrEqual(small * GROWTH_MAX);
        expect(large).toBeLessThanOrEqual(middle * GROWTH_MAX);
      });
    },
  );

  it('is counted in every loop, so a nested loop is seen', () => {
    const [small = 0, middle = 0, large = 0] = blocksOf(FAULT, 'single digits with spaces');

    expect(small).toBeGreaterThan(10_000);
    expect(middle).toBeGreaterThan(small * 3);
    expect(large).toBeGreaterThan(middle * 3);
  });
});
