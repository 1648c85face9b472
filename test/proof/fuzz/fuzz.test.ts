import { describe, expect, it } from 'vitest';
import { parseOrder, parsePayment } from '../../../shared/messaging/parseMessage.ts';
import { BODY_BUGS, CARD_BUGS, LINE_BUGS, PARSER_BUGS } from '../../../proof/fuzz/plantedBugs.ts';
import { type Figures, runRange } from '../../../proof/fuzz/runRange.ts';
import { createBodiesSuite } from '../../../proof/fuzz/suites/bodiesSuite.ts';
import { createCardsSuite } from '../../../proof/fuzz/suites/cardsSuite.ts';
import { createLinesSuite } from '../../../proof/fuzz/suites/linesSuite.ts';
import { createParseSuite } from '../../../proof/fuzz/suites/parseSuite.ts';
import type { Suite } from '../../../proof/fuzz/verdict.ts';

const SEED = 7;

/** A slice takes 15 s on an idle machine. A busy one is slower. */
const SLICE_TIMEOUT_MS = 600_000;

const run = (suite: Suite, count: number): Promise<Figures> =>
  runRange(suite, { seed: SEED, from: 0, to: count, step: 1 });

/** The first violation is enough. */
const find = (suite: Suite, count: number): Promise<Figures> =>
  runRange(suite, { seed: SEED, from: 0, to: count, step: 1, violationsMax: 1 });

/** A part of `npm run fuzz`, with the same inputs in every run. */
describe(`hostile input, seed ${SEED}`, () => {
  it(
    'causes no crash, no retry of poison and no ack without a bucket, in 20,000 bodies',
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
    'does not end a log line early or forge one of our fields, in 10,000 lines',
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
    'leaves none of 10,000 card numbers in a table, a log, an error, a dead letter or on the console',
    {
      timeout: SLICE_TIMEOUT_MS,
    },
    async () => {
      const { violations, inputs } = await run(createCardsSuite(), 10_000);

      expect(violations).toEqual([]);
      expect(inputs).toBe(10_000);
    },
  );

  it('reaches every way in which a message can end', async () => {
    const { outcomes } = await run(createBodiesSuite(), 3_000);

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
  });
});

describe('the fuzzer sees', () => {
  it.each(Object.entries(BODY_BUGS))('%s', { timeout: SLICE_TIMEOUT_MS }, async (_what, bug) => {
    const { violations } = await find(createBodiesSuite(bug), 8_000);

    expect(violations).not.toEqual([]);
  });

  it.each(Object.entries(PARSER_BUGS))('%s', { timeout: SLICE_TIMEOUT_MS }, async (_what, parsers) => {
    const suite = createParseSuite({ order: parseOrder, payment: parsePayment, ...parsers });

    const { violations } = await find(suite, 8_000);

    expect(violations).not.toEqual([]);
  });

  it.each(Object.entries(LINE_BUGS))('%s', { timeout: SLICE_TIMEOUT_MS }, async (_what, bug) => {
    const { violations } = await find(createLinesSuite(bug), 500);

    expect(violations).not.toEqual([]);
  });

  it.each(Object.entries(CARD_BUGS))('%s', { timeout: SLICE_TIMEOUT_MS }, async (_what, bug) => {
    const { violations } = await find(createCardsSuite(bug), 2_000);

    expect(violations).not.toEqual([]);
  });

  it('a body in its smallest form, and finds it again by its number', async () => {
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
