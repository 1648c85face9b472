import { DAY_MS } from '../../domain/dayOf.ts';

/**
 * Cassandra refuses a write that would expire later, where its files have the format of version 4, as those
 * of 5.0 have by default: https://issues.apache.org/jira/browse/CASSANDRA-14092
 */
const LAST_EXPIRY_MS = Date.UTC(2038, 0, 19);
/** No setting is taken with which dead letters could not be recorded for so many more days. */
const RECORDABLE_DAYS_MIN = 730;

/** From when on, in milliseconds since the epoch, Cassandra refuses what is to be kept for so many days. */
export const refusedFromMs = (days: number): number => LAST_EXPIRY_MS - days * DAY_MS;

/**
 * The longest retention of dead letters that can be set at a time, in days. It is a day less with each day.
 * `Date.UTC(2026, 10, 29)` → 3339.
 */
export const retentionDaysMax = (nowMs: number): number =>
  Math.floor((LAST_EXPIRY_MS - nowMs) / DAY_MS) - RECORDABLE_DAYS_MIN;
