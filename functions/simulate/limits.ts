export const ORDERS_MAX = 100_000;
export const RATE_PER_SECOND_MAX = 10_000;
export const TIME_SCALE_MAX = 1000;
/** How far a run may fall behind its schedule, as it does when Pub/Sub takes messages more slowly, until it is stopped. */
export const LATE_SECONDS_MAX = 15;
export const REQUEST_BYTES_MAX = 64 * 1024;
/** Published, not yet confirmed. Some full batches on both topics at a time: enough for speed, few enough to hold. */
export const IN_FLIGHT_MAX = 2000;
/** A run with so many failed publishes ends; the rest would most likely fail too, each after the client's timeout. */
export const FAILURES_MAX = 100;
/** Different error texts in an answer. */
export const FAILURES_SHOWN_MAX = 10;
