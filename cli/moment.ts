import { InvalidArgumentError } from 'commander';
import { parseTime } from '../shared/messaging/parseTime.ts';
import { DAY_MS } from '../shared/domain/dayOf.ts';

/** A time, or so many milliseconds before now. */
export type Moment = { readonly atMs: number } | { readonly beforeNowMs: number };

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: DAY_MS };
const BEFORE_NOW = /^(\d{1,6})([smhd])$/;
const DURATION_MAX_MS = 3_650 * DAY_MS;

/** `'90m'` → 90 minutes in milliseconds. */
export const duration = (text: string): number => {
  const [, count, unit = ''] = BEFORE_NOW.exec(text) ?? [];
  const unitMs = UNIT_MS[unit];
  const ms = Number(count) * (unitMs ?? Number.NaN);
  if (ms <= DURATION_MAX_MS) return ms;
  throw new InvalidArgumentError('Expected a duration such as 30s, 90m, 24h or 7d, at most 3650d.');
};

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** A day, which is its beginning in UTC, a time in RFC 3339, or a duration before now. */
export const moment = (text: string): Moment => {
  if (BEFORE_NOW.test(text)) return { beforeNowMs: duration(text) };
  const atMs = parseTime(DAY.test(text) ? `${text}T00:00:00Z` : text);
  if (atMs !== undefined) return { atMs };
  throw new InvalidArgumentError(
    'Expected a duration before now such as 90m or 7d, a day such as 2026-11-24, or a time such as 2026-11-24T09:30:00Z.',
  );
};

/** The same for the end of a span, so a day is its last millisecond. */
export const lastMoment = (text: string): Moment => {
  const at = moment(text);
  return DAY.test(text) && 'atMs' in at ? { atMs: at.atMs + DAY_MS - 1 } : at;
};

export const toMs = (at: Moment, nowMs: number): number => ('atMs' in at ? at.atMs : nowMs - at.beforeNowMs);
