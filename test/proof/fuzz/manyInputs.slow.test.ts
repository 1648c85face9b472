import { describe, expect, it } from 'vitest';
import { type Figures, runRange } from '../../../proof/fuzz/runRange.ts';
import { createBodiesSuite } from '../../../proof/fuzz/suites/bodiesSuite.ts';
import { createCardsSuite } from '../../../proof/fuzz/suites/cardsSuite.ts';
import { createLinesSuite } from '../../../proof/fuzz/suites/linesSuite.ts';
import type { Suite } from '../../../proof/fuzz/verdict.ts';

const SEED = 7;

/** A quarter of a minute on an idle machine; a busy one takes its time. */
const SLICE_TIMEOUT_MS = 600_000;

const run = (suite: Suite, count: number): Promise<Figures> =>
  runRange(suite, { seed: SEED, from: 0, to: count, step: 1 });

/** A slice of `npm run fuzz`, of the same inputs at every run. */
describe(`hostile input, seed ${SEED}`, () => {
  it(
    'crashes nothing, retries no poison and acks nothing without its bucket, in 20,000 bodies',
    {
      timeout: SLICE_TIMEOUT_MS,
    },
    async () => {
      const { violations, inputs, malformed } = await run(createBodiesSuite(), 20_000);

      expect(violations).toEqual([]);
      expect(inputs).toBe(20_000);
      expect(malformed).toBeGreaterThan(17_000);
    },
  );

  it(
    'ends no line early and forges no field of ours, in 10,000 lines',
    {
      timeout: SLICE_TIMEOUT_MS,
    },
    async () => {
      const { violations, inputs } = await run(createLinesSuite(), 10_000);

      expect(violations).toEqual([]);
      expect(inputs).toBe(10_000);
    },
  );

  it(
    'leaves no card number in a table, a log, an error, a dead letter or on the console, of 10,000',
    {
      timeout: SLICE_TIMEOUT_MS,
    },
    async () => {
      const { violations, inputs } = await run(createCardsSuite(), 10_000);

      expect(violations).toEqual([]);
      expect(inputs).toBe(10_000);
    },
  );
});
