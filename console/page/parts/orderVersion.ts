import type { StreamRow } from '../../contract.ts';

/** Changes when a message about an order has come, or has ended otherwise: then the order is read again. */
export const orderVersion = (rows: readonly StreamRow[], orderId: string | null): string =>
  rows
    .filter((row) => orderId !== null && row.orderId === orderId)
    .map(({ key, outcome, attempts }) => `${key} ${outcome} ${attempts.failed} ${attempts.isAcked}`)
    .join();
