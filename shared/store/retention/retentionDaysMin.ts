/**
 * How long dead letters are kept at least, in days: as long as Pub/Sub tries to deliver one. The audit relies
 * on it. What is younger cannot have expired, whatever the setting was when it was written.
 */
export const RETENTION_DAYS_MIN = 31;
