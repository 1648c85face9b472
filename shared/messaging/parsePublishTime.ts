const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

/**
 * The milliseconds since the epoch of a time as Pub/Sub writes it, in RFC 3339. `Date.parse` alone takes "5" for a day
 * in 2001, and that in the machine's own zone.
 * @returns undefined for what is not such a time, or one before 1970.
 */
export const parsePublishTime = (text: string | undefined): number | undefined => {
  if (text === undefined || !RFC_3339.test(text)) return undefined;
  const publishTimeMs = Date.parse(text);
  return publishTimeMs >= 0 ? publishTimeMs : undefined;
};
