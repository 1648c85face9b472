/**
 * Returns milliseconds with fractions since a moment in the past. It reads the monotonic clock of the system.
 * So times from two processes of one machine can be subtracted, even if the time of day is changed.
 */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;
