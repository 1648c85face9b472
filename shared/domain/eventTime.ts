/**
 * The farthest that a producer's clock may be ahead of Pub/Sub's. An event cannot have happened after it was
 * published, so a later time says only that the clock is wrong.
 */
export const CLOCK_AHEAD_MAX_MS = 5 * 60_000;

/**
 * The time that orders the events of one order: the producer's own time, else the first publish time. A
 * producer's time that is too far ahead is not believed. The limit is taken at the first publish time, never
 * at that of a copy and never at our own clock, so every delivery gives the same answer (I4).
 * `(1767225600500, 1767225600000)` → `1767225600500`; `(1767226000000, 1767225600000)` → `1767225600000`.
 * @param occurredAtMs `occurred_at` in milliseconds since the epoch; undefined when the message has none.
 */
export const eventTimeOf = (occurredAtMs: number | undefined, publishedAtMs: number): number =>
  occurredAtMs === undefined || occurredAtMs > publishedAtMs + CLOCK_AHEAD_MAX_MS
    ? publishedAtMs
    : occurredAtMs;
