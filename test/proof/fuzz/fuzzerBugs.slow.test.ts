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

/** Stops at the first violation. */
const find = (suite: Suite, count: number): Promise<Figures> =>
  runRange(suite, { seed: SEED, from: 0, to: count, step: 1, violationsMax: 1 });

describe('the fuzzer finds', () => {
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
});
