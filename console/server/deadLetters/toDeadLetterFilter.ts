import * as z from 'zod';
import type { LetterFilter, LetterSelection } from '../../deadLetterContract.ts';
import { DEAD_LETTER_REASONS } from '../../../shared/domain/deadLetter.ts';
import { ID_MAX } from '../../../shared/messaging/parseMessage.ts';
import { createRowMatcher, type DeadLetterFilter } from '../../../shared/operations/deadLetterFilter.ts';
import { DAY_MS } from '../../../shared/domain/dayOf.ts';
import { parsePlace } from '../../../shared/domain/deadLetterPlace.ts';
import { INPUT_TOPICS } from '../../../shared/topology.ts';
import type { LetterSnapshot } from './letterIndex.ts';
import type { IndexedLetter } from './toLetter.ts';

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
export const toDeadLetterFilter = (spec: LetterFilter, options: ToFilterOptions): DeadLetterFilter =>
  readLetterFilter(spec, options).filter;

interface ReadFilter {
  readonly filter: DeadLetterFilter;
  /** The words that mean this whatever else comes: `order 17` for `17`. What finds nothing stays as it is. */
  readonly text: string;
  /** Digits that are an order and a payment mean one of them; these are the words for the other. */
  readonly other: string | null;
}

/**
 * The same, and how its words were taken. They mean what finds something in the asked state, or else what
 * finds something in any state: an order before a payment, before an event id, before a text of the error.
 */
export const readLetterFilter = (
  { reason, kind, topic, age, state, text: words }: LetterFilter,
  { snapshot, atMs, isDiscard = false }: ToFilterOptions,
): ReadFilter => {
  const { since, until } = AGES[age] ?? {};
  const withMeaning = ({ by }: Meaning): DeadLetterFilter => ({
    ids: [],
    reasons: DEAD_LETTER_REASONS.filter((known) => known === reason),
    topic: INPUT_TOPICS.find((known) => known === topic),
    orderId: undefined,
    paymentId: undefined,
    error: undefined,
    kind: kind === '' ? undefined : kind,
    state: state === 'any' ? undefined : state,
    sinceMs:
      isDiscard && by.orderId !== undefined && since === undefined
        ? undefined
        : Math.max(firstDayMs(snapshot, atMs), since === undefined ? 0 : atMs - since),
    untilMs: until === undefined ? atMs : atMs - until,
    ...by,
  });
  const meanings = meaningsOf(words.trim(), snapshot);
  const fits = ({ isOpen }: IndexedLetter): boolean =>
    state === 'any' || isOpen === undefined || isOpen === (state === 'open');
  const found = (meanings.length < 2 ? [] : meanings)
    .map((one) => ({ meaning: one, letters: snapshot.letters.filter(createRowMatcher(withMeaning(one))) }))
    .filter(({ letters }) => letters.length > 0);
  const meant = (found.find(({ letters }) => letters.some(fits)) ?? found[0])?.meaning;
  const other = found.find(({ meaning }) => meaning !== meant && isId(meaning) && isId(meant));
  return {
    filter: withMeaning(meant ?? meanings[0] ?? { text: '', by: {} }),
    text: meant?.text ?? words.trim(),
    other: other?.meaning.text ?? null,
  };
};

/** A day is read whole, so none is read before that of the oldest dead letter, listed or not. */
const firstDayMs = ({ firstDay }: LetterSnapshot, atMs: number): number =>
  Math.min(firstDay === undefined ? Infinity : Date.parse(firstDay), startOfDay(atMs));

const startOfDay = (atMs: number): number => Math.floor(atMs / DAY_MS) * DAY_MS;

interface Meaning {
  readonly text: string;
  readonly by: Partial<DeadLetterFilter>;
}

const isId = (meaning: Meaning | undefined): boolean =>
  meaning?.by.orderId !== undefined || meaning?.by.paymentId !== undefined;

/** What words can mean, the likeliest first. `order 17`, `payment 17` and `"17"` mean one thing each. */
const meaningsOf = (words: string, { letters }: LetterSnapshot): readonly Meaning[] => {
  if (words === '') return [];
  const quoted = /^"(\d+)"$/.exec(words)?.[1];
  if (quoted !== undefined) return [{ text: words, by: { error: quoted } }];
  const ofError = { text: /^\d+$/.test(words) ? `"${words}"` : words, by: { error: words } };
  const [, name = '', digits = ''] = /^(order |payment )?(\d{1,19})$/.exec(words) ?? [];
  if (digits === '' || BigInt(digits) > ID_MAX) return [...byFirstDigits(words, letters), ofError];
  const id = BigInt(digits);
  const ofIds = [
    { text: `order ${id}`, by: { orderId: id } },
    { text: `payment ${id}`, by: { paymentId: id } },
  ];
  return name === ''
    ? [...ofIds, ...byFirstDigits(words, letters), ofError]
    : ofIds.filter((one) => one.text.startsWith(name));
};

const byFirstDigits = (words: string, letters: LetterSnapshot['letters']): readonly Meaning[] => {
  if (!/^[0-9a-f]{6,32}$/.test(words)) return [];
  const ids = new Set(letters.filter(({ id }) => id.startsWith(words)).map(({ id }) => id));
  return ids.size === 0 ? [] : [{ text: words, by: { ids: [...ids].slice(0, IDS_BY_PREFIX_MAX) } }];
};
