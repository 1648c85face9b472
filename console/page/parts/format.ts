/** How numbers and times look everywhere on the page. What is not known is a dash, never 0. */
const UNKNOWN = '–';
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

type Maybe = number | null | undefined;

const isUnknown = (value: Maybe): value is null | undefined => value === null || value === undefined;

const counts = new Intl.NumberFormat('en');
const times = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const days = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short' });

export const format = {
  /** `1281` → `1,281` */
  count: (value: Maybe): string => (isUnknown(value) ? UNKNOWN : counts.format(value)),

  /** A rate without its unit: `0.72` → `0.7`, `107.6` → `108`. */
  perSecond: (value: Maybe): string => {
    if (isUnknown(value)) return UNKNOWN;
    if (value === 0) return '0';
    if (value < 0.05) return '<0.1';
    return value < 9.95 ? value.toFixed(1) : counts.format(Math.round(value));
  },

  /** `0.72` → `0.7/s` */
  rate: (value: Maybe): string => (isUnknown(value) ? UNKNOWN : `${format.perSecond(value)}/s`),

  /** `38.4` → `38 ms`, `3906` → `3.91 s`, `252000` → `4 min 12 s`, `7380000` → `2 h 3 min`. */
  duration: (ms: Maybe): string => {
    if (isUnknown(ms)) return UNKNOWN;
    const value = Math.max(0, ms);
    if (value < 999.5) return `${Math.round(value)} ms`;
    if (value < 10 * SECOND_MS) return `${(value / SECOND_MS).toFixed(2)} s`;
    return format.age(value);
  },

  /** The same in whole seconds and more: `1400` → `1 s`, `252000` → `4 min 12 s`. */
  age: (ms: Maybe): string => {
    if (isUnknown(ms)) return UNKNOWN;
    const value = Math.max(0, ms);
    if (value < MINUTE_MS) return `${Math.floor(value / SECOND_MS)} s`;
    if (value < HOUR_MS) return twoParts(value, MINUTE_MS, 'min', SECOND_MS, 's');
    if (value < DAY_MS) return twoParts(value, HOUR_MS, 'h', MINUTE_MS, 'min');
    return twoParts(value, DAY_MS, 'd', HOUR_MS, 'h');
  },

  /** Local time, `14:32:14`; with the day where that is not today: `2026-11-27 14:32:14`. */
  time: (atMs: Maybe, nowMs: number = Date.now()): string => {
    if (isUnknown(atMs)) return UNKNOWN;
    const [day, today] = [days.format(atMs), days.format(nowMs)];
    return day === today ? times.format(atMs) : `${day} ${times.format(atMs)}`;
  },

  /** With milliseconds, as rows have it: `14:32:14.060`. */
  exactTime: (atMs: Maybe, nowMs: number = Date.now()): string =>
    isUnknown(atMs)
      ? UNKNOWN
      : `${format.time(atMs, nowMs)}.${String(Math.floor(atMs) % SECOND_MS).padStart(3, '0')}`,

  /** `65536` → `64 KiB`, `187` → `187 bytes`. */
  bytes: (value: Maybe): string => {
    if (isUnknown(value)) return UNKNOWN;
    if (value < 1024) return `${value} bytes`;
    if (value < 1024 ** 2) return `${Math.round(value / 102.4) / 10} KiB`;
    return `${Math.round(value / (102.4 * 1024)) / 10} MiB`;
  },
};

const twoParts = (ms: number, big: number, bigUnit: string, small: number, smallUnit: string): string => {
  const [whole, rest] = [Math.floor(ms / big), Math.floor((ms % big) / small)];
  return rest === 0 ? `${whole} ${bigUnit}` : `${whole} ${bigUnit} ${rest} ${smallUnit}`;
};
