/**
 * Milliseconds since some moment in the past, with fractions. The system's monotonic clock, so that times
 * from two processes of one machine can be subtracted, whatever is done to the time of day.
 */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;
