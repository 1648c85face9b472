import { fold } from '../../shared/domain/fold.ts';
import { toLedgerEntries } from '../../shared/store/rows.ts';
import type { FactRow, OrderRecord } from '../../shared/store/auditSource.ts';

/**
 * An order as it stood in events that were published before a moment, so that all sums are of that moment.
 * The row of an order that has newer events is what the older ones say, because the table keeps no older row.
 * @returns undefined when nothing of the order was published before it.
 */
export const recordAt = (record: OrderRecord, beforeMs: number): OrderRecord | undefined => {
  const ledger = record.ledger.filter(({ publishedAtMs }) => publishedAtMs < beforeMs);
  if (ledger.length === record.ledger.length) return record;
  if (ledger.length === 0) return undefined;
  const { order, payment } = fold(toLedgerEntries(ledger));
  const isShown = order !== undefined && payment !== undefined;
  return {
    ...record,
    ledger,
    fact: order && {
      orderId: record.orderId,
      order: order.order,
      payment: isShown ? payment.payment : NO_PAYMENT,
    },
    paymentWriteTime: isShown ? record.paymentWriteTime : undefined,
  };
};

const NO_PAYMENT: FactRow['payment'] = {
  paymentId: undefined,
  paymentMethod: undefined,
  cardLastFour: undefined,
  paymentStatus: undefined,
  paymentDatetime: undefined,
};
