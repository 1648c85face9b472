const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/i;

/**
 * Reads a time in RFC 3339, as Pub/Sub writes it. `Date.parse` alone would take "5" for a day in 2001, in the
 * time zone of the machine, and 30 February for 2 March. `'2026-01-01T00:00:00.5Z'` → 1767225600500.
 * @returns milliseconds since the epoch; undefined for any other text, and for a time before 1970.
 */
export const parseTime = (text: string | undefined): number | undefined => {
  const [, year, month, day] = RFC_3339.exec(text ?? '')?.map(Number) ?? [];
  if (text === undefined || !isDay(year, month, day)) return undefined;
  const timeMs = Date.parse(text);
  return timeMs >= 0 ? timeMs : undefined;
};

const isDay = (year = 0, month = 0, day = 0): boolean =>
  day > 0 && new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
