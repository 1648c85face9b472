/**
 * When a run begins, in milliseconds since the epoch: 2024-01-21T23:59:45Z. Its messages are published before
 * midnight, and many are handled after it.
 */
export const EPOCH_MS = Date.UTC(2024, 0, 21, 23, 59, 45);
