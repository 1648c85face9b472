import { describe, expect, it } from 'vitest';
import { parseOrder, parsePayment } from '../../../shared/messaging/parseMessage.ts';
import { BODY_BUGS, CARD_BUGS, LINE_BUGS, PARSER_BUGS } from '../../support/proof/fuzzerBugs.ts';
import { type Figures, runRange } from '../../../proof/fuzz/runRange.ts';
import { createBodiesSuite } from '../../../proof/fuzz/suites/bodiesSuite.ts';
import { createCardsSuite } from '../../../proof/fuzz/suites/cardsSuite.ts';
import { createLinesSuite } from '../../../proof/fuzz/suites/linesSuite.ts';
import { createParseSuite } from '../../../proof/fuzz/suites/parseSuite.ts';
import type { Suite } from '../../../proof/fuzz/verdict.ts';

const SEED = 7;

/** An idle machine needs a quarter of a minute; a busy machine may need much more. */
const SLICE_TIMEOUT_MS = 600_000;

const run = (suite: Suite, count: number): Promise<Figures> =>
  runRange(suite, { seed: SEED, from: 0, to: count, step: 1 });

/** Stops at the first violation. */
const find = (suite: Suite, count: number): Promise<Figures> =>
  runRange(suite, { seed: SEED, from: 0, to: count, step: 1, violationsMax: 1 });

/** A part of `npm run fuzz`, always with the same inputs. */
describe(`hostile input, seed ${SEED}`, () => {
  it(
    'crashes nothing, retries no poison, acks no message without its bucket and reaches every end, with 3,000 bodies',
    { timeout: SLICE_TIMEOUT_MS },
    async () => {
      const { violations, inputs, malformed, outcomes } = await run(createBodiesSuite(), 3_000);

      expect(violations).toEqual([]);
      expect(inputs).toBe(3_000);
      expect(malformed).toBeGreaterThan(2_600);
      expect(Object.keys(outcomes).toSorted()).toEqual(
        expect.arrayContaining([
          ...['onOrder', 'onPayment', 'onDlq'].flatMap((consumer) =>
            ['204 joined', '204 dead letter', '400', '405'].map((end) => `${consumer} ${end}`),
          ),
          ...['order', 'payment'].flatMap((kind) => [`parse ${kind} read`, `parse ${kind} refused`]),
          'simulate 200',
          'simulate 400',
        ]),
      );
    },
  );

  it(
    'ends no log line early and forges no field of ours, with 1,000 inputs',
    {
      timeout: SLICE_TIMEOUT_MS,
    },
    async () => {
      const { violations, inputs } = await run(createLinesSuite(), 1000);

      expect(violations).toEqual([]);
      expect(inputs).toBe(1000);
    },
  );

  it(
    'leaves no card number in a table, a log, an error, a dead letter or on the console, with 1,000 cards',
    {
      timeout: SLICE_TIMEOUT_MS,
    },
    async () => {
      const { violations, inputs } = await run(createCardsSuite(), 1000);

      expect(violations).toEqual([]);
      expect(inputs).toBe(1000);
    },
  );
});

describe('the fuzzer finds', () => {
  it.each(Object.entries(BODY_BUGS).slice(0, 1))('%s', { timeout: SLICE_TIMEOUT_MS }, async (_what, bug) => {
    const { violations } = await find(createBodiesSuite(bug), 8_000);

    expect(violations).not.toEqual([]);
  });

  it.each(Object.entries(PARSER_BUGS).slice(0, 1))(
    '%s',
    { timeout: SLICE_TIMEOUT_MS },
    async (_what, parsers) => {
      const suite = createParseSuite({ order: parseOrder, payment: parsePayment, ...parsers });

      const { violations } = await find(suite, 8_000);

      expect(violations).not.toEqual([]);
    },
  );

  it.each(Object.entries(LINE_BUGS).slice(0, 1))('%s', { timeout: SLICE_TIMEOUT_MS }, async (_what, bug) => {
    const { violations } = await find(createLinesSuite(bug), 500);

    expect(violations).not.toEqual([]);
  });

  it.each(Object.entries(CARD_BUGS).slice(0, 1))('%s', { timeout: SLICE_TIMEOUT_MS }, async (_what, bug) => {
    const { violations } = await find(createCardsSuite(bug), 2_000);

    expect(violations).not.toEqual([]);
  });

  it('the smallest body that shows a bug, and the same one again by its number', async () => {
    const suite = createParseSuite({
      order: (data) => {
        if (Buffer.from(data).includes('item')) throw new TypeError('an item');
        return parseOrder(data);
      },
      payment: parsePayment,
    });

    const [found] = (await find(suite, 100)).violations;
    const index = found?.index ?? -1;
    const again = await runRange(suite, { seed: SEED, from: index, to: index + 1, step: 1 });

    expect(found?.payload).toBe('"item"');
    expect(again.violations).toEqual([found]);
  });
});
