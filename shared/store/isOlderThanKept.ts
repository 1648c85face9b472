/**
 * How long dead letters are kept at least, in days: as long as Pub/Sub tries to deliver one. The audit relies
 * on it. What is younger cannot have expired, whatever the setting was when it was written.
 */
export const RETENTION_DAYS_MIN = 31;
/** Cassandra allows 20 years. */
export const RETENTION_DAYS_MAX = 3_650;

const DAY_MS = 86_400_000;

/** Whether a dead letter that stands since a time is old enough to have expired, where they expire at all. */
export const isOlderThanKept = (sinceMs: number, nowMs: number): boolean =>
  sinceMs < nowMs - RETENTION_DAYS_MIN * DAY_MS;
