import { z } from 'zod';
import { maskCardNumbers } from '../../shared/masking/maskCardNumbers.ts';
import { ORDERS_MAX, RATE_PER_SECOND_MAX, TIME_SCALE_MAX } from './limits.ts';
import { SEED_MAX } from './random.ts';
import { SCENARIOS, referenceScenarioSeconds } from './referenceTimetable.ts';
import { RUN_SECONDS_MAX } from '../../shared/deadlines.ts';

const TEXT_SHOWN_CHARACTERS_MAX = 40;

/** A field of the request, with its rule in words for the caller and as a schema. */
const field = <T>(allowed: string, schema: z.ZodType<T>) =>
  z.unknown().transform((raw, context): T => {
    const result = schema.safeParse(raw);
    if (result.success) return result.data;
    context.addIssue({ code: 'custom', message: `expected ${allowed}, got ${describe(raw)}` });
    return z.NEVER;
  });

const oneOf = <T extends string>(choices: readonly T[]) =>
  field(choices.map((choice) => `"${choice}"`).join(' or '), z.enum(choices));
const wholeNumber = (min: number, max: number) =>
  field(`a whole number from ${min} to ${max}`, z.int().min(min).max(max));
const number = (max: number) => field(`a number from 0 to ${max}`, z.number().min(0).max(max));

/**
 * Describes a value that was refused. It masks card numbers before it quotes the text (I8): quotes turn a tab
 * into the characters `\t`, and the masking would no longer recognise a card number with tabs in it.
 */
const describe = (raw: unknown): string => {
  if (Array.isArray(raw)) return 'an array';
  if (typeof raw === 'object' && raw !== null) return 'an object';
  if (typeof raw !== 'string') return String(raw);
  return raw.length <= TEXT_SHOWN_CHARACTERS_MAX
    ? JSON.stringify(maskCardNumbers(raw))
    : `a string of ${raw.length} characters`;
};

const SHARE = number(1);

/** The former name of the preset `reference`. Requests may still use it. */
const REFERENCE_ALIAS = 'seed';

export const PRESET = z
  .preprocess((raw) => (raw === REFERENCE_ALIAS ? 'reference' : raw), oneOf(['reference', 'shop']))
  .default('reference');
const ANY_PRESET = {
  preset: PRESET,
  /** A request without a seed gets a random one. */
  seed: wholeNumber(0, SEED_MAX).optional(),
};

/** The fields of the preset `reference`: the messages of the reference, in one of its four interleavings. */
export const REFERENCE_FIELDS = {
  scenario: oneOf(SCENARIOS).default('A'),
  /** How many of the reference's seconds pass in one second. 0 means as fast as possible. */
  timeScale: number(TIME_SCALE_MAX).default(100),
};

/** The fields of the preset `shop`: realistic orders with faults. Each share is a number from 0 to 1. */
export const SHOP_FIELDS = {
  orders: wholeNumber(1, ORDERS_MAX).default(100),
  /** Counts messages of all kinds. 0 means as fast as possible. */
  ratePerSecond: number(RATE_PER_SECOND_MAX).default(0),
  /** The share of the payments that come before their order. They are normal, so the default is not 0. */
  early: SHARE.default(0.2),
  /** The share of the orders that are never published. Their payments are published. */
  missing: SHARE.default(0),
  /** The share of the orders that are published without a payment. */
  unpaid: SHARE.default(0),
  /** The share of the orders and payments that are published a second time, byte for byte. */
  duplicates: SHARE.default(0),
  /** The share of the paid orders that get a second payment with another id. Missing orders count too. */
  doublePaid: SHARE.default(0),
  /** How many malformed messages are added, as a share of the orders. */
  malformed: SHARE.default(0),
};

/** Runs a rule between fields when each of these fields is right. Other fields may be wrong. */
const onceRight = (fields: readonly string[]) => ({
  when: ({ issues }: z.core.ParsePayload) => !issues.some(({ path }) => fields.includes(String(path?.[0]))),
});

export const referenceSchema = z.strictObject({ ...ANY_PRESET, ...REFERENCE_FIELDS }).superRefine(
  ({ scenario, timeScale }, context) => {
    if (timeScale === 0) return;
    refuseLongRun('timeScale', referenceScenarioSeconds(scenario) / timeScale, context);
  },
  onceRight(['scenario', 'timeScale']),
);

export const shopSchema = z
  .strictObject({ ...ANY_PRESET, ...SHOP_FIELDS })
  .superRefine(
    ({ missing, unpaid }, context) => {
      if (missing + unpaid <= 1) return;
      const message = `expected at most 1, got ${missing + unpaid}`;
      context.addIssue({ code: 'custom', path: ['missing + unpaid'], message });
    },
    onceRight(['missing', 'unpaid']),
  )
  .superRefine(
    (fields, context) => {
      if (fields.ratePerSecond === 0) return;
      refuseLongRun('ratePerSecond', likelyMessages(fields) / fields.ratePerSecond, context);
    },
    onceRight(Object.keys(SHOP_FIELDS)),
  );

const refuseLongRun = (path: string, seconds: number, context: z.core.$RefinementCtx): void => {
  if (seconds <= RUN_SECONDS_MAX) return;
  const message = `expected a run of at most ${RUN_SECONDS_MAX} s, got one of about ${Math.ceil(seconds)} s`;
  context.addIssue({ code: 'custom', path: [path], message });
};

/** Estimates how many messages a run has. The draws of a run differ from this by a little. */
const likelyMessages = (fields: Omit<z.output<typeof shopSchema>, 'preset' | 'seed'>): number => {
  const { orders, missing, unpaid, doublePaid, duplicates, malformed } = fields;
  const messagesPerOrder = 1 - missing + (1 - unpaid) * (1 + doublePaid);
  return orders * (messagesPerOrder * (1 + duplicates) + malformed);
};
