/** When a run begins, in milliseconds since the epoch: 2024-01-21T10:00:00Z. */
export const EPOCH_MS = 1_705_831_200_000;
