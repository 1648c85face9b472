import { type DeadLetter, deadLetterKeyOf } from '../../../shared/domain/deadLetter.ts';
import type { Payment } from '../../../shared/domain/payment.ts';
import type {
  AuditSource,
  DeadLetterRow,
  FactRow,
  LedgerRow,
  OrderRecord,
} from '../../../shared/store/store.ts';
import { order, payment, PUBLISHED_AT_MS, stamp } from '../../../proof/referenceMessages.ts';

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

/** A payment event in the ledger, as the audit reads it. */
export const ledgerRow = (number: number, changes: Partial<Payment> = {}): LedgerRow => {
  const whole = payment(changes);
  const { orderId, paymentId } = whole;
  return { ...stamp(number), orderId, paymentId, isParked: false, payment: whole };
};

export const orderRecord = (changes: Partial<OrderRecord> = {}): OrderRecord => ({
  orderId: 1n,
  fact: undefined,
  ledger: [],
  ...changes,
});

/** The dead letter of the parked `payment()`. */
export const deadLetterRow = (number: number, changes: Partial<DeadLetterRow> = {}): DeadLetterRow => ({
  ...stamp(number),
  ...deadLetterKeyOf(stamp(number)),
  reason: 'unmatched',
  error: 'order 1 has not come yet',
  originTopic: 'payments_data',
  originMessageId: '17',
  recordedAtMs: PUBLISHED_AT_MS + 1_000,
  isRedacted: false,
  redriveCount: 0,
  orderId: 1n,
  paymentId: 1001n,
  matchedAtMs: undefined,
  redrivenAtMs: undefined,
  discardedAtMs: undefined,
  ...changes,
});

/** The same dead letter as `onDlq` records it. */
export const deadLetterOf = (number: number, changes: Partial<DeadLetter> = {}): DeadLetter => ({
  ...deadLetterRow(number),
  recordedAtMs: PUBLISHED_AT_MS + 1_000,
  payload: Buffer.from('{}'),
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
  const deadLettersById = Map.groupBy(deadLetters, ({ eventId }) => eventId);
  return {
    scanOrders: async function* () {
      yield* records;
    },
    scanDeadLetters: async function* () {
      yield* deadLetters;
    },
    findOrderRecord: async (orderId) => recordById.get(orderId) ?? orderRecord({ orderId }),
    findDeadLetters: async ({ eventId }) => deadLettersById.get(eventId) ?? [],
    findPayload: async () => new Uint8Array(),
    close: async () => {},
  };
};
