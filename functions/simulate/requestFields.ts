import * as z from 'zod';
import { field, number, oneOf, wholeNumber } from './field.ts';
import {
  CLOCK_AHEAD_MS_MAX,
  ORDERS_MAX,
  RATE_PER_SECOND_MAX,
  TIME_SCALE_MAX,
  VERSIONS_MAX,
} from './limits.ts';
import { SEED_MAX } from './random.ts';
import { SCENARIOS, referenceScenarioSeconds } from './referenceTimetable.ts';
import { RUN_SECONDS_MAX } from '../../shared/deadlines.ts';

const SHARE = number(1);
const SEED = wholeNumber(0, SEED_MAX);
/** Decimal shares that add up to 1 may come to a little more in binary. */
const ROUNDING = 1e-9;

/** The former name of the preset `reference`. Requests may still use it. */
const REFERENCE_ALIAS = 'seed';

export const PRESET = z
  .preprocess((raw) => (raw === REFERENCE_ALIAS ? 'reference' : raw), oneOf(['reference', 'shop']))
  .default('reference');

/**
 * The reference's ids are the same in each run. After another seed, each payment would be told as changed.
 */
const REFERENCE_SEED = 1;

/**
 * What happens to a payment that is not simply paid once. Each payment has at most one of these stories. A
 * payment that is paid twice has none of the others.
 */
const STORY_FIELDS = {
  /** Authorised, then captured, under one payment id. */
  statusMoves: SHARE.default(0),
  /** Declined, then paid under a second payment id. */
  declinedFirst: SHARE.default(0),
  /** Sent twice under one payment id and one status, with two cards, or with two methods. */
  changed: SHARE.default(0),
  /** Paid, then refunded under the same payment id. */
  refunds: SHARE.default(0),
  /** Paid, then refunded under a second payment id. */
  refundsApart: SHARE.default(0),
  /** Paid with a gift card, and the rest under a second payment id. */
  giftCards: SHARE.default(0),
  /** Told by a webhook, and again by the result of an API call, which writes the time in another way. */
  webhooks: SHARE.default(0),
};

/** The fields of both presets: what real shops do. By default nothing of it happens. */
const FLOW_FIELDS = {
  /** The share of the orders that are sent as several versions in one publish request. */
  versions: SHARE.default(0),
  /** How many versions such an order has. */
  versionsPerOrder: wholeNumber(2, VERSIONS_MAX).default(3),
  /** Whether the producer sends its own time, `occurred_at`, in every order and payment. */
  occurredAt: field('true or false', z.boolean()).default(false),
  /** How far the producer's clock is ahead, in milliseconds. */
  clockAheadMs: wholeNumber(0, CLOCK_AHEAD_MS_MAX).default(0),
  /** The share of the orders without a customer. */
  guests: SHARE.default(0),
  /** The share of the orders that are paid without a card. */
  cardless: SHARE.default(0),
  /** The share of the paid orders that get a second payment with another id. Missing orders count too. */
  doublePaid: SHARE.default(0),
  ...STORY_FIELDS,
};

/** The fields of the preset `reference`: the messages of the reference, in one of its four interleavings. */
export const REFERENCE_FIELDS = {
  scenario: oneOf(SCENARIOS).default('A'),
  /** How many of the reference's seconds pass in one second. 0 means as fast as possible. */
  timeScale: number(TIME_SCALE_MAX).default(100),
  ...FLOW_FIELDS,
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
  /** The share of the orders without versions, and of the payments without a story, that are sent twice. */
  duplicates: SHARE.default(0),
  /** How many malformed messages are added, as a share of the orders. */
  malformed: SHARE.default(0),
  ...FLOW_FIELDS,
};

/** Runs a rule between fields when each of these fields is right. Other fields may be wrong. */
const onceRight = (fields: readonly string[]) => ({
  when: ({ issues }: z.core.ParsePayload) => !issues.some(({ path }) => fields.includes(String(path?.[0]))),
});

/** The names of the stories, in the order in which they are drawn. */
export const STORIES = Object.keys(STORY_FIELDS) as (keyof typeof STORY_FIELDS)[];

type Flows = z.output<z.ZodObject<typeof FLOW_FIELDS>>;

/** The share of the payments that have a story. */
export const storyShare = (flows: Pick<Flows, (typeof STORIES)[number]>): number =>
  STORIES.reduce((sum, story) => sum + flows[story], 0);

const refuseManyStories = (flows: Flows, context: z.core.$RefinementCtx): void => {
  const sum = storyShare(flows);
  if (sum <= 1 + ROUNDING) return;
  const message = `expected ${STORIES.join(', ')} to be at most 1 together, got ${sum}`;
  context.addIssue({ code: 'custom', path: ['stories'], message });
};

const refuseClock = ({ occurredAt, clockAheadMs }: Flows, context: z.core.$RefinementCtx): void => {
  if (occurredAt || clockAheadMs === 0) return;
  const message = `expected 0 without occurredAt, got ${clockAheadMs}`;
  context.addIssue({ code: 'custom', path: ['clockAheadMs'], message });
};

export const referenceSchema = z
  .strictObject({ preset: PRESET, seed: SEED.default(REFERENCE_SEED), ...REFERENCE_FIELDS })
  .superRefine(refuseManyStories, onceRight(STORIES))
  .superRefine(refuseClock, onceRight(['occurredAt', 'clockAheadMs']))
  .superRefine(
    ({ scenario, timeScale }, context) => {
      if (timeScale === 0) return;
      const message = sayLongRun(referenceScenarioSeconds(scenario) / timeScale);
      if (message !== undefined) context.addIssue({ code: 'custom', path: ['timeScale'], message });
    },
    onceRight(['scenario', 'timeScale']),
  );

export const shopSchema = z
  // A request without a seed gets a random one.
  .strictObject({ preset: PRESET, seed: SEED.optional(), ...SHOP_FIELDS })
  .superRefine(refuseManyStories, onceRight(STORIES))
  .superRefine(refuseClock, onceRight(['occurredAt', 'clockAheadMs']))
  .superRefine(
    ({ missing, unpaid }, context) => {
      if (missing + unpaid <= 1 + ROUNDING) return;
      const message = `expected at most 1, got ${missing + unpaid}`;
      context.addIssue({ code: 'custom', path: ['missing + unpaid'], message });
    },
    onceRight(['missing', 'unpaid']),
  );

/** Says that a run takes too long; undefined when it does not. */
export const sayLongRun = (seconds: number): string | undefined =>
  seconds <= RUN_SECONDS_MAX
    ? undefined
    : `expected a run of at most ${RUN_SECONDS_MAX} s, got one of about ${Math.ceil(seconds)} s`;

export type Preset = 'reference' | 'shop';
type Request<P extends Preset, Fields extends object> = Readonly<Omit<Fields, 'preset' | 'seed'>> & {
  readonly preset: P;
  readonly seed: number;
};

export type ReferenceRequest = Request<'reference', z.output<typeof referenceSchema>>;
export type ShopRequest = Request<'shop', z.output<typeof shopSchema>>;
/** A request with all its fields: defaults fill in what the body left out. */
export type SimulateRequest = ReferenceRequest | ShopRequest;
