import * as fc from 'fast-check';
import { prettyFactory } from 'pino-pretty';
import { describeError } from '../../../cli/describeError.ts';
import { formatReport, toJsonReport } from '../../../cli/formatReport.ts';
import type { Random } from '../../../functions/simulate/random.ts';
import { audit } from '../../../shared/audit/audit.ts';
import { TransientError } from '../../../shared/errors.ts';
import type { Handler } from '../../../shared/messaging/settleMessage.ts';
import { writtenCard } from '../judge/cardOracle.ts';
import { type Card, plantCard } from '../generate/plantCard.ts';
import { randomOf } from '../generate/randomOf.ts';
import { leakIn, leakInLine, leakInPublished, leakInTables } from '../judge/leaks.ts';
import type { Suite } from '../verdict.ts';
import { createWorld, type PlantedBug, pushOn, type World } from '../world.ts';
import { run } from './simulateSuite.ts';

/**
 * The share of inputs that also go through the audit and the pretty printer, which cost much more than a
 * message.
 */
const CONSOLE_SHARE = 0.02;
const SIMULATE_SHARE = 0.1;
const FAILING_SHARE = 0.1;

/**
 * Plants a card number somewhere in a request, and searches everything that the product writes for it (I8).
 */
export const createCardsSuite =
  (bug: PlantedBug = {}): Suite =>
  (seed, index) => {
    const random = randomOf(seed, index);
    const card = cardOf(seed, index);
    if (random.chance(SIMULATE_SHARE)) return plantedInSimulate(card, random);
    const { where, consumer, request } = plantCard(card, random);
    const wrapHandler = random.chance(FAILING_SHARE) ? () => failing(card, random) : bug.wrapHandler;
    const isShown = random.chance(CONSOLE_SHARE);
    return {
      how: where,
      payload: request.rawBody,
      check: async (payload) => {
        const world = createWorld({ ...bug, ...(wrapHandler === undefined ? {} : { wrapHandler }) });
        const { status, error } = await world.push(consumer, { ...request, rawBody: payload });
        for (const letter of world.published) await pushOn(world, letter);
        const leak = leakIn(error ?? '') ?? (await leakOf(world, isShown));
        const verdict = { outcome: `${consumer} ${status}`, isMalformed: status !== 204 };
        return leak === undefined ? verdict : { ...verdict, violation: `a card number got out: ${leak}` };
      },
    };
  };

const WRITTEN = writtenCard();
const CARDS_AT_ONCE = 256;
let drawn: { readonly batch: string; readonly cards: readonly string[] } = { batch: '', cards: [] };

/**
 * The card number of an input. They are drawn in batches, because the start of a draw costs most of its time.
 */
export const cardOf = (seed: number, index: number): Card => {
  const first = index - (index % CARDS_AT_ONCE);
  const batch = `${seed}/${first}`;
  if (drawn.batch !== batch) {
    const batchSeed = randomOf(seed, first).integer(0, 0x7fff_ffff);
    drawn = { batch, cards: fc.sample(WRITTEN, { numRuns: CARDS_AT_ONCE, seed: batchSeed }) };
  }
  const written = drawn.cards[index % CARDS_AT_ONCE] ?? '';
  return { written, digits: written.replaceAll(/[^0-9]/g, '') };
};

const leakOf = async (world: World, isShown: boolean): Promise<string | undefined> => {
  for (const line of world.lines) {
    const leak = leakInLine(line);
    if (leak !== undefined) return `in the log: ${leak}`;
  }
  for (const letter of world.published) {
    const leak = leakInPublished(letter);
    if (leak !== undefined) return `in a dead letter: ${leak}`;
  }
  const { facts, ledger, deadLetters } = world.store.tables;
  return leakInTables({ facts, ledger, deadLetters }) ?? (isShown ? leakOnConsole(world) : undefined);
};

const pretty = prettyFactory({ messageKey: 'message', levelKey: 'severity', colorize: false });

/**
 * A card number in the output of `tally audit` on these tables, or in the log lines as a terminal shows them.
 */
const leakOnConsole = async ({ store, lines }: World): Promise<string | undefined> => {
  const report = await audit(store, { expectation: undefined, patienceMs: 0 });
  const printed = [
    formatReport(report),
    toJsonReport(report),
    ...lines.map((line) => withoutHashes(pretty(line))),
  ];
  const leak = printed.map(leakIn).find((found) => found !== undefined);
  return leak === undefined ? undefined : `on the console: ${leak}`;
};

const withoutHashes = (text: string): string => text.replaceAll(/\b[0-9a-f]{32}\b/g, '');

/** A handler that fails with an error text that quotes the message, as a store or a client may do. */
const failing = ({ written, digits }: Card, random: Random): Handler => {
  const text = `${'x'.repeat(random.integer(0, 250))} ${written} ${digits}${'1'.repeat(random.integer(0, 9))}`;
  const error = random.pick([
    new TransientError(text, { cause: new Error(text) }),
    new TypeError(text, { cause: new TypeError(text) }),
  ]);
  return async () => {
    throw error;
  };
};

const FIELDS = ['preset', 'seed', 'scenario', 'timeScale', 'orders', 'early', 'note'] as const;

const plantedInSimulate = ({ written, digits }: Card, random: Random): ReturnType<Suite> => {
  const name = random.pick<string>([...FIELDS]);
  const value = random.pick<unknown>([written, digits, Number(digits), [written], { [written]: written }]);
  const request = random.pick<unknown>([
    { [name]: value },
    { preset: 'shop', [name]: value },
    { [written]: value },
    written,
    `{"${written}`,
  ]);
  const method = random.chance(0.05) ? written : 'POST';
  return {
    how: `the simulator's ${name}`,
    payload: Buffer.from(typeof request === 'string' ? request : JSON.stringify(request)),
    check: async (payload) => {
      const { response, lines } = await run({ method, headers: { traceparent: digits }, rawBody: payload });
      const answer = Buffer.concat(response.chunks).toString();
      const shown = describeError(new Error(`the simulator answered ${response.status}: ${answer}`));
      const leak = leakIn(shown) ?? lines.map(leakInLine).find((found) => found !== undefined);
      const verdict = { outcome: `simulate ${response.status}`, isMalformed: response.status !== 200 };
      return leak === undefined ? verdict : { ...verdict, violation: `a card number got out: ${leak}` };
    },
  };
};
