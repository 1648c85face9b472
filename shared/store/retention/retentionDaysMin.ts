/**
 * How long dead letters are kept at least, in days: as long as Pub/Sub tries to deliver one. The audit relies
 * on it: a younger dead letter cannot have expired under any setting.
 */
export const RETENTION_DAYS_MIN = 31;
