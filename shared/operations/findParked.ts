import { inspectOrder } from '../audit/inspectOrder.ts';
import type { AuditSource } from '../store/auditSource.ts';

/** A payment whose order has not come, and that nobody has discarded. */
export interface ParkedPayment {
  readonly orderId: bigint;
  readonly paymentId: bigint;
  /** When its first event was published, in milliseconds since the epoch. */
  readonly sinceMs: number;
}

interface ParkedOptions {
  /** Only payments that were published before this time, in milliseconds since the epoch. */
  readonly beforeMs: number;
  /** Called with the number of orders that have been read. */
  readonly onProgress?: (orders: number) => void;
}

/** Finds the payments that wait, in the order of the table. All orders are read: the ledger says it. */
export const findParked = async function* (
  source: Pick<AuditSource, 'scanOrders'>,
  { beforeMs, onProgress = () => {} }: ParkedOptions,
): AsyncGenerator<ParkedPayment> {
  let orders = 0;
  for await (const record of source.scanOrders()) {
    orders += 1;
    onProgress(orders);
    const { orderId, orderExists, payments } = inspectOrder(record);
    if (orderExists) continue;
    for (const { paymentId, publishedAtMs: sinceMs, isDiscarded } of payments) {
      if (!isDiscarded && sinceMs < beforeMs) yield { orderId, paymentId, sinceMs };
    }
  }
};
