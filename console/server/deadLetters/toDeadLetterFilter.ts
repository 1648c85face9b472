import * as z from 'zod';
import type { LetterFilter, LetterSelection } from '../../deadLetterContract.ts';
import { DEAD_LETTER_REASONS } from '../../../shared/domain/deadLetter.ts';
import { ID_MAX } from '../../../shared/messaging/parseMessage.ts';
import type { DeadLetterFilter } from '../../../shared/operations/deadLetterFilter.ts';
import { DAY_MS } from '../../../shared/domain/dayOf.ts';
import { parsePlace } from '../../../shared/domain/deadLetterPlace.ts';
import { INPUT_TOPICS } from '../../../shared/topology.ts';
import type { LetterSnapshot } from './letterIndex.ts';

const HOUR_MS = 3_600_000;
/** No error is longer. */
const KIND_CHARACTERS_MAX = 1_000;
const TEXT_CHARACTERS_MAX = 200;
/** More than a person selects one by one. All others are selected by a filter. */
const PLACES_MAX = 1_000;
/** The first digits of an event id may fit several events. */
const IDS_BY_PREFIX_MAX = 20;

const AGES: Readonly<Record<string, { readonly since?: number; readonly until?: number }>> = {
  '': {},
  '1h': { since: HOUR_MS },
  '24h': { since: DAY_MS },
  '7d': { since: 7 * DAY_MS },
  'older-1h': { until: HOUR_MS },
  'older-24h': { until: DAY_MS },
};

const oneOf = <const Names extends readonly [string, ...string[]]>(names: Names) =>
  z.enum(names, { error: `expected ${names.map((name) => JSON.stringify(name)).join(', ')}` });
const text = (charactersMax: number) =>
  z.string({ error: 'expected a text' }).max(charactersMax, `expected at most ${charactersMax} characters`);

/** The fields of a filter in a route's query or in a body. What is left out is any; the state is `open`. */
export const letterFilterSchema = z.strictObject({
  reason: oneOf(['', ...DEAD_LETTER_REASONS]).default(''),
  kind: text(KIND_CHARACTERS_MAX).default(''),
  topic: oneOf(['', ...INPUT_TOPICS]).default(''),
  age: oneOf(['', ...Object.keys(AGES).filter((age) => age !== '')]).default(''),
  state: oneOf(['open', 'closed', 'any']).default('open'),
  text: text(TEXT_CHARACTERS_MAX).default(''),
});

/** The place of a dead letter as a text. */
export const placeSchema = z
  .string({ error: 'expected the place of a dead letter' })
  .refine((given) => parsePlace(given) !== undefined, 'expected a place: day/shard/id/reason');

export const selectionSchema = z.discriminatedUnion(
  'by',
  [
    z.strictObject({
      by: z.literal('filter'),
      filter: letterFilterSchema,
      atMs: z.number({ error: 'expected the time of the selection, in milliseconds' }).positive(),
    }),
    z.strictObject({
      by: z.literal('places'),
      places: z
        .array(placeSchema, { error: 'expected a list of places' })
        .min(1, 'expected at least one place')
        .max(PLACES_MAX, `expected at most ${PLACES_MAX} places: select more by a filter`),
    }),
  ],
  { error: 'expected a selection by filter or by places' },
) satisfies z.ZodType<LetterSelection>;

interface ToFilterOptions {
  readonly snapshot: LetterSnapshot;
  /** Milliseconds since the epoch. Ages count back from here, and what was published later does not fit. */
  readonly atMs: number;
  /**
   * With an order and no age, it is of all days: its payments may wait since before the oldest dead letter.
   * Default false.
   */
  readonly isDiscard?: boolean;
}

/** A filter of the page as the filter that the commands use, so that both mean the same dead letters. */
export const toDeadLetterFilter = (
  { reason, kind, topic, age, state, text: words }: LetterFilter,
  { snapshot, atMs, isDiscard = false }: ToFilterOptions,
): DeadLetterFilter => {
  const { since, until } = AGES[age] ?? {};
  const meant = whatWordsMean(words.trim(), snapshot);
  const isEver = isDiscard && meant.orderId !== undefined && since === undefined;
  return {
    ids: [],
    reasons: DEAD_LETTER_REASONS.filter((known) => known === reason),
    topic: INPUT_TOPICS.find((known) => known === topic),
    orderId: undefined,
    paymentId: undefined,
    error: undefined,
    kind: kind === '' ? undefined : kind,
    state: state === 'any' ? undefined : state,
    sinceMs: isEver
      ? undefined
      : Math.max(firstDayMs(snapshot, atMs), since === undefined ? 0 : atMs - since),
    untilMs: until === undefined ? atMs : atMs - until,
    ...meant,
  };
};

/** A day is read whole, so none is read before that of the oldest dead letter, listed or not. */
const firstDayMs = ({ firstDay }: LetterSnapshot, atMs: number): number =>
  Math.min(firstDay === undefined ? Infinity : Date.parse(firstDay), startOfDay(atMs));

const startOfDay = (atMs: number): number => Math.floor(atMs / DAY_MS) * DAY_MS;

/**
 * Digits are an order, or else a payment; hex digits are the first ones of an event id; all else is an error.
 */
const whatWordsMean = (words: string, { letters }: LetterSnapshot): Partial<DeadLetterFilter> => {
  if (words === '') return {};
  if (/^\d{1,19}$/.test(words) && BigInt(words) <= ID_MAX) {
    const id = BigInt(words);
    const isPayment =
      letters.some(({ paymentId }) => paymentId === id) && !letters.some(({ orderId }) => orderId === id);
    return isPayment ? { paymentId: id } : { orderId: id };
  }
  if (/^[0-9a-f]{6,32}$/.test(words)) {
    const ids = new Set(letters.filter(({ id }) => id.startsWith(words)).map(({ id }) => id));
    if (ids.size > 0) return { ids: [...ids].slice(0, IDS_BY_PREFIX_MAX) };
  }
  return { error: words };
};
