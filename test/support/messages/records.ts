import { type DeadLetter, deadLetterKeyOf } from '../../../shared/domain/deadLetter.ts';
import type { DeadLetterAction } from '../../../shared/domain/deadLetterAction.ts';
import type { LedgerEntry } from '../../../shared/domain/ledgerEntry.ts';
import type {
  AuditSource,
  DeadLetterRow,
  FactRow,
  LedgerRow,
  OrderRecord,
} from '../../../shared/store/auditSource.ts';
import { PUBLISHED_AT_MS, order, payment, stamp } from './domain.ts';

const NO_ORDER: FactRow['order'] = {
  customerId: undefined,
  item: undefined,
  quantity: undefined,
  price: undefined,
  shippingAddress: undefined,
  orderStatus: undefined,
  creationDate: undefined,
};
const NO_PAYMENT: FactRow['payment'] = {
  paymentId: undefined,
  paymentMethod: undefined,
  cardLastFour: undefined,
  paymentStatus: undefined,
  paymentDatetime: undefined,
};

/** The columns of `order()`. A change to undefined leaves the column out. */
export const orderColumns = (changes: Partial<FactRow['order']> = {}): FactRow['order'] => {
  const { orderId: _, ...columns } = order();
  return { ...columns, ...changes };
};

/** The columns of `payment()`. A change to undefined leaves the column out. */
export const paymentColumns = (changes: Partial<FactRow['payment']> = {}): FactRow['payment'] => {
  const { orderId: _, ...columns } = payment();
  return { ...columns, ...changes };
};

/** A fact of order 1. Without `order` only a payment has written to it. Without `payment` it is unpaid. */
export const factRow = (columns: Partial<Omit<FactRow, 'orderId'>>, orderId = 1n): FactRow => ({
  orderId,
  order: columns.order ?? NO_ORDER,
  payment: columns.payment ?? NO_PAYMENT,
});

/** An entry as the audit reads it. */
export const ledgerRow = (entry: LedgerEntry, changes: Partial<LedgerRow> = {}): LedgerRow => {
  const { orderId, eventId, kind, atMs, publishedAtMs } = entry;
  return { orderId, eventId, kind, atMs, publishedAtMs, erasedAtMs: undefined, entry, ...changes };
};

export const orderRecord = (changes: Partial<OrderRecord> = {}): OrderRecord => ({
  orderId: 1n,
  fact: undefined,
  paymentWriteTime: undefined,
  ledger: [],
  ...changes,
});

/** The dead letter of `payment()`, which waits for its order. */
export const deadLetterRow = (number: number, changes: Partial<DeadLetterRow> = {}): DeadLetterRow => {
  const { sinceMs, payload: _, ...row } = deadLetterOf(number);
  return { ...row, ...deadLetterKeyOf({ id: row.id, sinceMs }), ...changes };
};

/** The same dead letter as `onDlq` records it. */
export const deadLetterOf = (number: number, changes: Partial<DeadLetter> = {}): DeadLetter => {
  const { eventId, publishedAtMs } = stamp(number);
  return {
    reason: 'unmatched',
    error: 'payment 1001 waits for order 1',
    id: eventId,
    sinceMs: publishedAtMs,
    toldBy: eventId,
    publishedAtMs,
    originTopic: 'payments_data',
    originMessageId: '17',
    recordedAtMs: PUBLISHED_AT_MS + 1_000,
    payload: Buffer.from('{}'),
    payloadBytes: 2,
    payloadSha256: undefined,
    isRedacted: false,
    redriveCount: 0,
    orderId: 1n,
    paymentId: 1001n,
    ...changes,
  };
};

/** What an operator did with such a dead letter. It is a redrive unless it says more. */
export const deadLetterAction = (changes: Partial<DeadLetterAction> = {}): DeadLetterAction => ({
  reason: 'unmatched',
  kind: 'redriven',
  actedAtMs: PUBLISHED_AT_MS + 2_000,
  operationId: 'op-1',
  operator: 'ann',
  because: 'it may work now',
  redrives: 1,
  detail: '18',
  ...changes,
});

/**
 * Tables with rows that no store would write, or with more rows than the in-memory store can search quickly.
 */
export const rowsSource = (
  records: readonly OrderRecord[],
  deadLetters: readonly DeadLetterRow[] = [],
): AuditSource => {
  const recordById = new Map(records.map((record) => [record.orderId, record]));
  const deadLettersById = Map.groupBy(deadLetters, ({ id }) => id);
  return {
    scanOrders: async function* () {
      yield* records;
    },
    scanDeadLetters: async function* () {
      yield* deadLetters;
    },
    findOrderRecord: async (orderId) => recordById.get(orderId) ?? orderRecord({ orderId }),
    findLedger: async (orderId) => recordById.get(orderId)?.ledger ?? [],
    findDeadLetters: async ({ id }) => deadLettersById.get(id) ?? [],
    findPayload: async () => new Uint8Array(),
    findActions: async () => [],
    mayHaveExpired: async () => false,
    close: async () => {},
  };
};
