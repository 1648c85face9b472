import { DAY_MS } from '../../domain/dayOf.ts';
import { RETENTION_DAYS_MIN } from './retentionDaysMin.ts';

/** Whether a dead letter that stands since a time is old enough to have expired, where they expire at all. */
export const isOlderThanKept = (sinceMs: number, nowMs: number): boolean =>
  sinceMs < nowMs - RETENTION_DAYS_MIN * DAY_MS;
