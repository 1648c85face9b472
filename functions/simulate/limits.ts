export const ORDERS_MAX = 100_000;
export const RATE_PER_SECOND_MAX = 10_000;
export const TIME_SCALE_MAX = 1000;
/** The most versions of an order in one publish request. */
export const VERSIONS_MAX = 10;
/** The farthest that the producer's clock may be ahead. Tally believes five minutes. The rest is a margin. */
export const CLOCK_AHEAD_MS_MAX = 240_000;
/** A run may take this much longer than `RUN_SECONDS_MAX`. Pub/Sub may be slower than the schedule. */
export const LATE_SECONDS_MAX = 15;
export const REQUEST_BYTES_MAX = 64 * 1024;
/**
 * At most this many messages are published and not yet confirmed. These are a few full batches for each
 * topic: enough for speed, and few enough for the memory.
 */
export const IN_FLIGHT_MAX = 2000;
/** A run ends after this many failed publishes. The rest would probably fail too, each after a timeout. */
export const FAILURES_MAX = 100;
/** An answer shows at most this many different error texts. */
export const FAILURES_SHOWN_MAX = 10;
