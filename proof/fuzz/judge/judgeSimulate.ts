import { type Json, type JsonObject, judgeJson, NumberToken, TOO_DEEP } from './judgeJson.ts';

type JudgedRequest =
  | { readonly status: 200; readonly orders: number }
  | { readonly status: 400; readonly badFields: readonly string[] }
  | { readonly status: 405 | 413 };

const BODY_BYTES_MAX = 65_536;
/** The slowest scenario of the reference takes about 500 s of its time, and a run may take 540 s. */
const TIME_SCALE_SURE = 5;
/** The most versions of an order. */
const VERSIONS_MAX = 10;

type Rule = (raw: Json) => boolean;

const number =
  (min: number, max: number, isWhole = false): Rule =>
  (raw) => {
    const value = raw instanceof NumberToken ? Number(raw.source) : Number.NaN;
    return value >= min && value <= max && (!isWhole || value % 1 === 0);
  };
const oneOf =
  (...words: readonly string[]): Rule =>
  (raw) =>
    typeof raw === 'string' && words.includes(raw);
const share = number(0, 1);

const ANY = { preset: oneOf('reference', 'seed', 'shop'), seed: number(0, 4_294_967_295, true) };
/** What happens to a payment. Each payment has one story at most, so the shares add up to 1 at most. */
const STORIES = [
  'statusMoves',
  'declinedFirst',
  'changed',
  'refunds',
  'refundsApart',
  'giftCards',
  'webhooks',
] as const;
const FLOWS: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(STORIES.map((story) => [story, share])),
  versions: share,
  versionsPerOrder: number(2, VERSIONS_MAX, true),
  occurredAt: (raw) => typeof raw === 'boolean',
  clockAheadMs: number(0, 240_000, true),
  guests: share,
  cardless: share,
  doublePaid: share,
};
const REFERENCE: Readonly<Record<string, Rule>> = {
  ...ANY,
  ...FLOWS,
  scenario: oneOf('A', 'B', 'C', 'D'),
  timeScale: number(0, 1_000),
};
const SHOP: Readonly<Record<string, Rule>> = {
  ...ANY,
  ...FLOWS,
  orders: number(1, 100_000, true),
  ratePerSecond: number(0, 10_000),
  early: share,
  missing: share,
  unpaid: share,
  duplicates: share,
  malformed: share,
};

/**
 * What `simulate` must answer. The rules are written from the table in the README.
 * @returns undefined when a run takes about the longest time that is allowed, so that both answers may be
 * right.
 */
export const judgeSimulate = (method: string, body: Uint8Array): JudgedRequest | undefined => {
  if (method !== 'POST') return { status: 405 };
  if (body.byteLength > BODY_BYTES_MAX) return { status: 413 };
  const judged =
    body.byteLength === 0
      ? { value: new Map() as JsonObject }
      : judgeJson(Buffer.from(body).toString('utf8'));
  if (judged === undefined || judged === TOO_DEEP || !(judged.value instanceof Map))
    return { status: 400, badFields: ['body'] };
  const fields = judged.value;
  const rules = fields.get('preset') === 'shop' ? SHOP : REFERENCE;
  // With an unknown preset, the fields of both presets are known.
  const isOpen = fields.has('preset') && !ANY.preset(fields.get('preset') ?? null);
  const isBad = (name: string, raw: Json): boolean =>
    Object.hasOwn(rules, name) ? rules[name]?.(raw) !== true : !(isOpen && Object.hasOwn(SHOP, name));
  const badFields = [...fields].filter(([name, raw]) => isBad(name, raw)).map(([name]) => name);
  if (badFields.length > 0) return { status: 400, badFields };
  const stories = STORIES.reduce((sum, story) => sum + numberOf(fields, story, 0), 0);
  const isClockAlone = numberOf(fields, 'clockAheadMs', 0) > 0 && fields.get('occurredAt') !== true;
  const together = [...(stories > 1 ? ['stories'] : []), ...(isClockAlone ? ['clockAheadMs'] : [])];
  if (together.length > 0) return { status: 400, badFields: together };
  const orders = numberOf(fields, 'orders', 100);
  if (rules === REFERENCE) {
    const timeScale = numberOf(fields, 'timeScale', 100);
    return timeScale > 0 && timeScale < TIME_SCALE_SURE ? undefined : { status: 200, orders };
  }
  if (numberOf(fields, 'missing', 0) + numberOf(fields, 'unpaid', 0) > 1)
    return { status: 400, badFields: ['missing + unpaid'] };
  const rate = numberOf(fields, 'ratePerSecond', 0);
  if (rate > 0 && (orders * (7 + VERSIONS_MAX)) / rate > 540) return undefined;
  return { status: 200, orders };
};

const numberOf = (fields: JsonObject, name: string, unless: number): number => {
  const raw = fields.get(name);
  return raw instanceof NumberToken ? Number(raw.source) : unless;
};
